import { useState } from 'react';
import { ScrollView, View } from '@tarojs/components';
import type { Card } from '@shared/contract';
import { Pressable } from '@client/components/pressable';
import { labelledProps } from '@client/components/accessibility';
import { chosenEffective, chosenPackage, initialChoice } from './choice';
import type { Catalogue, Choice } from './choice';
import { Checkout } from './checkout';
import { EffectiveChoice } from './effective-choice';
import { PackageTile } from './package-tile';

interface CatalogueViewProps {
  card: Card;
  catalogue: Catalogue;
  /** The id of the package to select initially, when buying again. */
  initialPackageId: string | undefined;
}

interface TabsProps {
  catalogue: Catalogue;
  current: string;
  onChoose(categoryId: string): void;
}

function CategoryTabs({ catalogue, current, onChoose }: TabsProps) {
  return (
    <ScrollView scrollX className="categories">
      <View className="categories-row" {...labelledProps('tablist', '')}>
        {catalogue.categories.map(({ id, name }) => (
          <Pressable
            key={id}
            id={`category-${id}`}
            role="tab"
            selected={id === current}
            className={id === current ? 'category category-current' : 'category'}
            onPress={() => onChoose(id)}
          >
            {name}
          </Pressable>
        ))}
      </View>
    </ScrollView>
  );
}

/** The packages on sale, the selected one, and the checkout. */
export function CatalogueView({ card, catalogue, initialPackageId }: CatalogueViewProps) {
  const [choice, setChoice] = useState(() => initialChoice(catalogue, initialPackageId));
  const change = (part: Partial<Choice>): void => setChoice({ ...choice, ...part });
  const packages = catalogue.categories.find(({ id }) => id === choice.categoryId)?.packages ?? [];
  const chosen = chosenPackage(catalogue, choice);
  const effective = chosen && chosenEffective(chosen, choice);
  return (
    <View className="catalogue">
      <CategoryTabs
        catalogue={catalogue}
        current={choice.categoryId}
        onChoose={(categoryId) => change({ categoryId, packageId: undefined })}
      />
      <View className="tiles">
        {packages.map((pack) => (
          <PackageTile
            key={pack.id}
            pack={pack}
            chosen={pack.id === chosen?.id}
            onChoose={() => change({ packageId: pack.id })}
          />
        ))}
      </View>
      {chosen && effective && (
        <View className="chosen">
          <View className="chosen-kind">{chosen.kindLabel}</View>
          <View className="chosen-explanation">{chosen.explanation}</View>
          <EffectiveChoice
            options={chosen.effective}
            current={effective}
            onChoose={(when) => change({ when })}
          />
        </View>
      )}
      <Checkout card={card} pack={chosen} effective={effective} />
    </View>
  );
}
