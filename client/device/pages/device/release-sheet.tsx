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
  /** How many people hold the device, as far as is known. */
  people: number;
  /** Asks again who holds it. */
  onRefresh(): void;
  onClose(): void;
}

/** Proves that the card is at hand, then takes the device from everybody; where it stands is in `step`. */
function useRelease({ card, deviceId, people }: ReleaseSheetProps) {
  const [step, setStep] = useState<ReleaseStep>(firstStep);
  const proof = useProvePossession(card.id);
  const release = useReleaseDevice(deviceId);
  const releaseDevice = (): void =>
    release.mutate(people, {
      onSuccess: ({ releasedUsers }) => setStep({ at: 'done', people: releasedUsers }),
      onError: (error) => setStep(afterFailedRelease(error)),
    });
  const confirm = (number: string): void =>
    proof.mutate(number, {
      onSuccess: releaseDevice,
      onError: (fault) => setStep({ at: 'proof', fault }),
    });
  return { step, setStep, confirm, busy: proof.isPending || release.isPending };
}

interface FinalMessageProps {
  text: string;
  id: string;
  label: string;
  onPress(): void;
}

/** The last word, and one way on. */
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
  people: number;
  changed: boolean;
  onProceed(): void;
  onClose(): void;
}

/** What it does to whom, in plain words. */
function Warning({ people, changed, onProceed, onClose }: WarningProps) {
  const texts = useDeviceTexts();
  return (
    <>
      {changed && <InlineError>{texts.changed}</InlineError>}
      <View id="release-warning" className="device-warning">
        {texts.warnText(people)}
      </View>
      <View className="sheet-text">{texts.warnHint}</View>
      <View className="sheet-actions">
        <ActionButton kind="secondary" onPress={onClose}>
          {texts.cancel}
        </ActionButton>
        <ActionButton id="release-go-on" kind="danger" onPress={onProceed}>
          {texts.proceed}
        </ActionButton>
      </View>
    </>
  );
}

/** Takes the device from everybody: what it does, the proof, and what came of it. */
export function ReleaseSheet(props: ReleaseSheetProps) {
  const { people, onRefresh, onClose } = props;
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
      {step.at === 'warning' && people === 0 && (
        <FinalMessage
          text={texts.noUsers}
          id="release-close"
          label={texts.close}
          onPress={onClose}
        />
      )}
      {step.at === 'warning' && people > 0 && (
        <Warning
          people={people}
          changed={step.changed}
          onProceed={() => setStep({ at: 'proof', fault: undefined })}
          onClose={onClose}
        />
      )}
      {step.at === 'proof' && (
        <PossessionForm
          people={people}
          error={step.fault}
          busy={busy}
          onConfirm={confirm}
          onClose={onClose}
        />
      )}
      {step.at === 'unknown' && (
        <FinalMessage
          text={texts.unknownText}
          id="release-look"
          label={texts.checkAgain}
          onPress={refreshAndClose}
        />
      )}
      {step.at === 'done' && (
        <FinalMessage
          text={texts.doneText(step.people)}
          id="release-close"
          label={texts.close}
          onPress={onClose}
        />
      )}
    </Sheet>
  );
}
