using OrleansBackup.Grains.Mailboxes.Exports;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Microsoft365.Mail;

namespace OrleansBackup.Grains.Mailboxes;

/// <summary>The mail of a mailbox: a mailbox without it is not backed up.</summary>
internal sealed class MailPart(MailboxReader reader, ItemExports? exports = null) : IRunPart
{
    public string Name => ItemIds.Mail;

    public bool IsEssential => true;

    public async Task BackUpAsync(RunSession session, CancellationToken cancellation)
    {
        exports?.Join(session);
        using var run = new MailRun(session, reader, exports);
        await run.BackUpAsync(cancellation);
    }
}
