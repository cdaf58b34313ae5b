// The little of Node that the client uses.
declare const process: { argv: string[] };
