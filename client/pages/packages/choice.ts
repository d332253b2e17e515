import type { ApiResponse, Package } from '@shared/contract';

export type Catalogue = ApiResponse<'GET /cards/:cardId/packages'>;
export type Effective = Package['effective'][number];

/** What the user has selected so far. */
export interface Choice {
  categoryId: string;
  packageId: string | undefined;
  when: Effective['when'] | undefined;
}

/** The initial selection: the given package if it can be bought, else the first category alone. */
export function initialChoice(catalogue: Catalogue, packageId: string | undefined): Choice {
  const category = catalogue.categories.find(({ packages }) =>
    packages.some((pack) => pack.id === packageId && pack.canBuy),
  );
  return {
    categoryId: (category ?? catalogue.categories[0])?.id ?? '',
    packageId: category ? packageId : undefined,
    when: undefined,
  };
}

/** The selected package; undefined if none is selected or it is no longer on sale. */
export function chosenPackage(catalogue: Catalogue, choice: Choice): Package | undefined {
  return catalogue.categories
    .flatMap(({ packages }) => packages)
    .find((pack) => pack.id === choice.packageId);
}

/** When the package starts: at the chosen time if it can, else at its first possible time. */
export function chosenEffective(pack: Package, choice: Choice): Effective | undefined {
  return pack.effective.find(({ when }) => when === choice.when) ?? pack.effective[0];
}
