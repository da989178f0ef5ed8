const MESSAGE_LIMIT = 400 * 1024 * 1024;

/** The message limits that Pulumi's own processes use. */
export const CHANNEL_OPTIONS = {
  "grpc.max_receive_message_length": MESSAGE_LIMIT,
  "grpc.max_send_message_length": MESSAGE_LIMIT,
};
