import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AnnounceUpload } from '../../contract/index.js';
import { hasForbiddenCharacter } from '../../domain/roster/index.js';
import { TuitionPorts } from '../ports.js';
import { isBursarOf } from '../requests.js';
import { writeAnnouncement } from '../uploads/upload.js';

const MEBIBYTE = 1024 * 1024;
/** A workbook is held in memory while it is read, text streams: a million rows are about 130 MB. */
const MAX_BYTES: Readonly<Record<string, number>> = {
  xlsx: 64 * MEBIBYTE,
  csv: 512 * MEBIBYTE,
  txt: 512 * MEBIBYTE,
};
const MAX_NAME_CHARACTERS = 200;

/** Makes the id under which the gateway stores the file; whose it is and what it is called is kept beside it. */
@CommandHandler(AnnounceUpload)
export class AnnounceUploadHandler implements ICommandHandler<AnnounceUpload> {
  constructor(private readonly ports: TuitionPorts) {}

  async execute({ context, input }: AnnounceUpload) {
    const { organisationId } = input;
    const { tenant } = context.caller;
    if (!isBursarOf(context, { tenant, organisationId })) {
      return refused('FORBIDDEN', 'Only a bursar of the organisation may upload a roster.');
    }
    const fileName = input.fileName.split(/[/\\]/).at(-1)!.trim();
    const maxBytes = MAX_BYTES[fileName.slice(fileName.lastIndexOf('.') + 1).toLowerCase()];
    if (maxBytes === undefined || fileName.length > MAX_NAME_CHARACTERS || hasForbiddenCharacter(fileName)) {
      return refused(
        'UNSUPPORTED_FILE',
        'A roster is an .xlsx or .csv file with a name of at most 200 characters.',
      );
    }
    const uploadId = `upload-${this.ports.runtime.ids.next()}`;
    await writeAnnouncement(this.ports.files, uploadId, { tenant, organisationId, fileName });
    return { accepted: true as const, value: { uploadId, maxBytes } };
  }
}

function refused<Code extends 'FORBIDDEN' | 'UNSUPPORTED_FILE'>(code: Code, message: string) {
  return { accepted: false as const, rejection: { code, message } };
}
