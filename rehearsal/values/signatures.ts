/** The marks that Pulumi puts into JSON and protobuf objects to say that they are more than plain objects. */
export const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
export const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";
export const ASSET_SIGNATURE = "c44067f5952c0a294b673a41bacd8c17";
export const ARCHIVE_SIGNATURE = "0def7320c3a5731c473e5ecbe6d01bc7";
export const REFERENCE_SIGNATURE = "5cf8f73096256a8f31e491e813e4eb8e";

/** How a value that is not known yet travels, and how it is stored if it ever is. */
export const UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
