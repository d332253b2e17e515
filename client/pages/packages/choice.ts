import type { ApiResponse, Package } from '@shared/contract';

export type Catalogue = ApiResponse<'GET /cards/:cardId/packages'>;
export type Effective = Package['effective'][number];

/** What has been chosen so far. */
export interface Choice {
  categoryId: string;
  packageId: string | undefined;
  when: Effective['when'] | undefined;
}

/** Where choosing starts: at the package bought before, if it is still on sale, else at the first category. */
export function initialChoice(catalogue: Catalogue, chosenBefore: string | undefined): Choice {
  const category = catalogue.categories.find(({ packages }) =>
    packages.some((pack) => pack.id === chosenBefore && pack.canBuy),
  );
  return {
    categoryId: (category ?? catalogue.categories[0])?.id ?? '',
    packageId: category ? chosenBefore : undefined,
    when: undefined,
  };
}

/** The chosen package; undefined before one is chosen, or when it left the shelf. */
export function chosenPackage(catalogue: Catalogue, choice: Choice): Package | undefined {
  return catalogue.categories
    .flatMap(({ packages }) => packages)
    .find((pack) => pack.id === choice.packageId);
}

/** When the chosen package would start: as chosen where it can, else the first way it can. */
export function chosenEffective(pack: Package, choice: Choice): Effective | undefined {
  return pack.effective.find(({ when }) => when === choice.when) ?? pack.effective[0];
}
