import type { Asset } from '#libs/kernel/money/index.js';
import type { PackagePrice } from '../../contract/courses.js';
import type { LessonPackage, PackageSize } from '../../domain/course/index.js';

/** The one asset of all prices; `undefined` for none or several. */
export function assetOf(packages: readonly PackagePrice[]): Asset | undefined {
  const asset = packages[0]?.price.asset;
  return packages.every(({ price }) => price.asset === asset) ? asset : undefined;
}

/** The decider refuses sizes that are not sold. */
export function packagesOf(packages: readonly PackagePrice[]): readonly LessonPackage[] {
  return packages.map(({ lessons, price }) => ({ lessons: lessons as PackageSize, price: price.amount }));
}
