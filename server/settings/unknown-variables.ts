import { nearestName } from '../lib/edit-distance';
import type { Environment } from './read-variables';
import type { Fault } from './settings-error';
import { variableNames } from './variables';

/** Variables that start like these are ours: platforms' accounts. */
const OUR_PREFIXES = ['SHINGSOU_', 'DAKASHI_', 'MXCHIP_', 'WECHAT_', 'WECHATPAY_'];
/** Short names have many innocent neighbours (HOST and HOME): they have to differ by one edit only. */
const SHORT_NAME_LENGTH = 5;
const MAX_EDITS = 2;
/** Within a prefix a guess may be wilder: something has to be meant. */
const MAX_EDITS_WITH_PREFIX = 4;

const knownNames: readonly string[] = variableNames.flatMap((name) => [name, `${name}_FILE`]);

function describe(name: string, nearest: string | undefined): Fault {
  const hint = nearest === undefined ? '' : `; did you mean ${nearest}?`;
  return { variable: name, message: `${name} is not a setting${hint}` };
}

function findFault(name: string): Fault | undefined {
  if (knownNames.includes(name)) return undefined;
  if (OUR_PREFIXES.some((prefix) => name.startsWith(prefix))) {
    return describe(name, nearestName(name, knownNames, MAX_EDITS_WITH_PREFIX));
  }
  const nearest =
    nearestName(name, knownNames, 1) ??
    nearestName(
      name,
      knownNames.filter((known) => known.length > SHORT_NAME_LENGTH),
      MAX_EDITS,
    );
  return nearest === undefined ? undefined : describe(name, nearest);
}

/**
 * Variables that are set, are no settings, and look like a misspelt one: such a setting would silently keep
 * its default.
 * @param prefix only variables that start so; all unless given
 */
export function findUnknownVariables(environment: Environment, prefix = ''): Fault[] {
  return Object.keys(environment)
    .filter((name) => name.startsWith(prefix) && environment[name])
    .map(findFault)
    .filter((fault) => fault !== undefined);
}
