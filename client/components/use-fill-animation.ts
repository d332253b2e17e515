import { useEffect, useState } from 'react';
import { prefersReducedMotion } from '@client/platform/motion';

const DURATION_MS = 280;
const STEPS = 14;

function easeOut(progress: number): number {
  return 1 - (1 - progress) ** 3;
}

/**
 * A share that fills from 0 once, in under 300 ms.
 * @param share where it ends, from 0 to 1
 * @param animated whether it moves at all; people who asked for less motion see the end at once
 */
export function useFillAnimation(share: number, animated: boolean): number {
  const isAnimating = animated && !prefersReducedMotion();
  const [step, setStep] = useState(isAnimating ? 0 : STEPS);
  useEffect(() => {
    if (step >= STEPS) return undefined;
    const timer = setTimeout(() => setStep(step + 1), DURATION_MS / STEPS);
    return () => clearTimeout(timer);
  }, [step]);
  return share * easeOut(step / STEPS);
}
