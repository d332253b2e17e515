import type { Simulator } from '../simulator';
import { encrypt } from './encryption';
import { okReply, type PayReply } from './pay-reply';
import { formatPayTime } from './time';

/** 下载平台证书: the certificates in force, each encrypted with the API v3 key. */
export function listCertificates(simulator: Simulator): PayReply {
  const { certificate, certificatePem } = simulator.payKeys();
  const { certificateSerial, apiV3Key } = simulator.credentials;
  return okReply({
    data: [
      {
        serial_no: certificateSerial,
        effective_time: formatPayTime(Date.parse(certificate.validFrom)),
        expire_time: formatPayTime(Date.parse(certificate.validTo)),
        encrypt_certificate: encrypt(apiV3Key, 'certificate', certificatePem),
      },
    ],
  });
}
