export { first, get, remove, set, sizeOf, valuesOf, type SortedMap } from './sorted-map.js';
