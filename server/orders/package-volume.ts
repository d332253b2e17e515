/** Stored as the volume of an ordered package that is unlimited or whose platform does not state it. */
export const UNSTATED_DATA_MB = -1;
