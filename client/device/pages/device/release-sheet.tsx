import { useState } from 'react';
import { View } from '@tarojs/components';
import type { Card } from '@shared/contract';
import { InlineError } from '@client/components/inline-error';
import { ActionButton } from '@client/components/action-button';
import { Sheet } from '@client/components/sheet';
import { useProvePossession, useReleaseDevice } from '@client/device/queries';
import { afterFailedRelease, firstStep } from '@client/device/release-flow';
import type { ReleaseStep } from '@client/device/release-flow';
import { useDeviceTexts } from '@client/device/texts';
import { PossessionForm } from './possession-form';

interface ReleaseSheetProps {
  card: Card;
  deviceId: string;
  /** The number of users who were shown to the user, and who are released on confirmation. */
  userCount: number;
  /** Fetches the users again. */
  onRefresh(): void;
  onClose(): void;
}

/** Proves possession of the card, then releases the device. `step` is the step reached. */
function useRelease({ card, deviceId, userCount }: ReleaseSheetProps) {
  const [step, setStep] = useState<ReleaseStep>(firstStep);
  const proof = useProvePossession(card.id);
  const release = useReleaseDevice(deviceId);
  const releaseDevice = (): void =>
    release.mutate(userCount, {
      onSuccess: ({ releasedUsers }) => setStep({ at: 'done', userCount: releasedUsers }),
      onError: (error) => setStep(afterFailedRelease(error)),
    });
  const confirm = (number: string): void =>
    proof.mutate(number, {
      onSuccess: releaseDevice,
      onError: (error) => setStep({ at: 'proof', error }),
    });
  return { step, setStep, confirm, busy: proof.isPending || release.isPending };
}

interface FinalMessageProps {
  text: string;
  id: string;
  label: string;
  onPress(): void;
}

/** The final message, with one button. */
function FinalMessage({ text, id, label, onPress }: FinalMessageProps) {
  return (
    <>
      <View id="release-end" className="sheet-text">
        {text}
      </View>
      <View className="sheet-actions">
        <ActionButton id={id} kind="secondary" onPress={onPress}>
          {label}
        </ActionButton>
      </View>
    </>
  );
}

interface WarningProps {
  userCount: number;
  changed: boolean;
  onProceed(): void;
  onClose(): void;
}

/** Explains the consequences before anything is done. */
function Warning({ userCount, changed, onProceed, onClose }: WarningProps) {
  const texts = useDeviceTexts();
  return (
    <>
      {changed && <InlineError>{texts.changed}</InlineError>}
      <View id="release-warning" className="device-warning">
        {texts.warnText(userCount)}
      </View>
      <View className="sheet-text">{texts.warnHint}</View>
      <View className="sheet-actions">
        <ActionButton kind="secondary" onPress={onClose}>
          {texts.cancel}
        </ActionButton>
        <ActionButton id="release-continue" kind="danger" onPress={onProceed}>
          {texts.proceed}
        </ActionButton>
      </View>
    </>
  );
}

/** Releases the device from all its users: the warning, the proof of possession, and the outcome. */
export function ReleaseSheet(props: ReleaseSheetProps) {
  const { userCount, onRefresh, onClose } = props;
  const texts = useDeviceTexts();
  const { step, setStep, confirm, busy } = useRelease(props);
  const refreshAndClose = (): void => {
    onRefresh();
    onClose();
  };
  const titles: Readonly<Record<ReleaseStep['at'], string>> = {
    warning: texts.warnTitle,
    proof: texts.proveTitle,
    unknown: texts.unknownTitle,
    done: texts.doneTitle,
  };
  return (
    <Sheet title={titles[step.at]} open onClose={onClose}>
      {step.at === 'warning' && userCount === 0 && (
        <FinalMessage
          text={texts.noUsers}
          id="release-close"
          label={texts.close}
          onPress={onClose}
        />
      )}
      {step.at === 'warning' && userCount > 0 && (
        <Warning
          userCount={userCount}
          changed={step.changed}
          onProceed={() => setStep({ at: 'proof', error: undefined })}
          onClose={onClose}
        />
      )}
      {step.at === 'proof' && (
        <PossessionForm
          userCount={userCount}
          error={step.error}
          busy={busy}
          onConfirm={confirm}
          onClose={onClose}
        />
      )}
      {step.at === 'unknown' && (
        <FinalMessage
          text={texts.unknownText}
          id="release-refresh"
          label={texts.checkAgain}
          onPress={refreshAndClose}
        />
      )}
      {step.at === 'done' && (
        <FinalMessage
          text={texts.doneText(step.userCount)}
          id="release-close"
          label={texts.close}
          onPress={onClose}
        />
      )}
    </Sheet>
  );
}
