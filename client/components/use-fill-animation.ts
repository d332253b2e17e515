import { useEffect, useState } from 'react';
import { prefersReducedMotion } from '@client/platform/motion';

const DURATION_MS = 280;
const STEPS = 14;

function easeOut(progress: number): number {
  return 1 - (1 - progress) ** 3;
}

/**
 * A share that grows from 0 to its value once, in under 300 ms.
 * @param share the final value, from 0 to 1
 * @param animated if false, or if the user prefers reduced motion, the value is final from the start
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
