using OrleansBackup.Grains.Mailboxes.Exports;
using OrleansBackup.Grains.Mailboxes.Items;
using Microsoft.Extensions.Options;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Microsoft365;
using OrleansBackup.Microsoft365.Exports;
using OrleansBackup.Microsoft365.Mail;

namespace OrleansBackup.Grains.Mailboxes;

/// <summary>What there is in a mailbox.</summary>
internal sealed class MailboxWorkload(IOptions<MailReadOptions> mail, ItemSources items, IOptions<ExportOptions> exporting, IOptions<ExportRunOptions> exportRuns) : IResourceWorkload
{
    public ResourceKind Kind => ResourceKind.Mailbox;

    public IEnumerable<IRunPart> PartsOf(RunRequest request, GraphClient client)
    {
        var mailbox = request.Resource.ObjectId;
        var exports = new ItemExports(client, mailbox, exporting.Value, exportRuns.Value);
        yield return new MailPart(new MailboxReader(client, mailbox, mail.Value with { IncludeHiddenFolders = request.HiddenFolders }), exports);
        foreach (var kind in ItemPartKind.All)
            yield return new ItemPart(kind, items.Read(kind, client, mailbox), exports);
        yield return new ExportsPart(exports);
    }
}
