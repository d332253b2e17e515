import { View } from '@tarojs/components';
import type { Package } from '@shared/contract';
import { Price, Volume } from '@client/components/figures';
import { Pressable } from '@client/components/pressable';
import { useTexts } from '@client/i18n/language';

interface PackageTileProps {
  pack: Package;
  chosen: boolean;
  onChoose(): void;
}

function className(pack: Package, chosen: boolean): string {
  if (!pack.canBuy) return 'tile tile-blocked';
  return chosen ? 'tile tile-chosen' : 'tile';
}

/** A package of the catalogue. One that cannot be bought shows the reason. */
export function PackageTile({ pack, chosen, onChoose }: PackageTileProps) {
  const { packages, card } = useTexts();
  return (
    <Pressable
      id={`package-${pack.id}`}
      role="radio"
      selected={chosen}
      disabled={!pack.canBuy}
      className={className(pack, chosen)}
      onPress={onChoose}
    >
      {pack.dataMb === null ? (
        <View className="tile-unstated">{card.volumeUnstated}</View>
      ) : (
        <Volume megabytes={pack.dataMb} rounding="nearest" size="large" />
      )}
      <View className="tile-name">{pack.name}</View>
      <View className="tile-foot">
        <Price amountFen={pack.priceFen} />
        <View className="tile-kind">{pack.kindLabel}</View>
      </View>
      {!pack.canBuy && (
        <View className="tile-reason">{pack.blockedReason ?? packages.cannotBuy}</View>
      )}
    </Pressable>
  );
}
