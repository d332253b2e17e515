import { PlatformUnavailable } from '../ports';
import { instantOf, readCard, readCarrier } from './field-readers';

describe('the carrier', () => {
  it.each([
    ['移动', 'mobile'],
    ['中国移动', 'mobile'],
    ['电信', 'telecom'],
    ['中国电信', 'telecom'],
    ['联通', 'unicom'],
    ['联通物联网', 'unicom'],
  ])('is read from the platform’s field: %s', (operator, carrier) => {
    expect(readCarrier(operator, '89869912345678901234')).toBe(carrier);
  });

  it.each([
    ['898600', 'mobile'],
    ['898602', 'mobile'],
    ['898604', 'mobile'],
    ['898607', 'mobile'],
    ['898601', 'unicom'],
    ['898606', 'unicom'],
    ['898609', 'unicom'],
    ['898603', 'telecom'],
    ['898611', 'telecom'],
    ['898605', 'unknown'],
  ])('is read from the ICCID %s… if the platform’s field is not understood', (prefix, carrier) => {
    expect(readCarrier('', `${prefix}12345678901234`)).toBe(carrier);
    expect(readCarrier('移动/联通', `${prefix}12345678901234`)).toBe(carrier);
  });
});

describe('a card', () => {
  it('is normalised: upper case, no padding, no empty number', () => {
    const card = { iccid: '898607b123456789012f', accessNo: ' ', operator: '移动' };
    expect(readCard(card)).toEqual({
      ref: '898607B123456789012',
      iccid: '898607B123456789012',
      accessNumber: null,
      carrier: 'mobile',
    });
  });

  it('without an ICCID is undefined', () => {
    expect(readCard({ iccid: '1440012345678', accessNo: null, operator: '移动' })).toBeUndefined();
  });
});

describe('an instant', () => {
  it('is read in Beijing time', () => {
    expect(instantOf('2026-03-01 08:00:00')).toBe(Date.UTC(2026, 2, 1));
  });

  it.each(['2026-02-30', '2026-13-01 00:00:00', '2026-01-01 24:61:00', '0000-00-00'])(
    'is rejected if it is not in the calendar: %s',
    (text) => {
      expect(() => instantOf(text)).toThrow(PlatformUnavailable);
    },
  );
});
