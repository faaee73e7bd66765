using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.Grains.Restores;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Microsoft365;
using OrleansBackup.Microsoft365.Drives;
using OrleansBackup.Microsoft365.Mail;
using OrleansBackup.Microsoft365.Teams;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Teams;

/// <summary>Puts messages back as pages of HTML in the channel's folder of files: what a tenant that does not permit an import gets, and no side effects at all.</summary>
/// <remarks>A file's name follows from its messages, so a page of the job that is done again writes the same file again.</remarks>
internal sealed class MessageArchive(RestorePlan plan, PointReader point, TargetChannels targets, TeamReader reader, Func<string, DriveWriter> openDrive, string folderName) : IPartRestore
{
    public const string FolderName = "Restored messages";

    /// <summary>In the page itself, wherever it is opened: whatever a message brought along, no script of it runs, no event of it fires, and nothing is fetched from elsewhere.</summary>
    internal const string NothingRuns = "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'\">";

    public IAsyncEnumerable<ItemVersion> ItemsAsync(CancellationToken cancellation) => plan.ItemsAsync(cancellation);

    public void Remember(ItemOutcome outcome)
    {
    }

    public Task CompleteAsync(IRestoreLedger ledger, CancellationToken cancellation) => Task.CompletedTask;

    public async Task<ImmutableArray<ItemOutcome>> RestoreAsync(IReadOnlyList<ItemVersion> page, bool interrupted, CancellationToken cancellation)
    {
        var outcomes = new Dictionary<string, ItemOutcome>(StringComparer.Ordinal);
        foreach (var item in page.Where(item => item.Kind != ItemKinds.ChannelMessage))
            outcomes[item.Id] = ItemOutcomes.NeverHandedOver(item);
        foreach (var channel in page.Where(item => item.Kind == ItemKinds.ChannelMessage).GroupBy(item => item.ParentId!))
            foreach (var (item, outcome) in await RestoreAsync(channel.Key, [.. channel], cancellation))
                outcomes[item.Id] = outcome;
        return [.. page.Select(item => outcomes[item.Id])];
    }

    private async Task<IEnumerable<(ItemVersion, ItemOutcome)>> RestoreAsync(string channelItemId, IReadOnlyList<ItemVersion> messages, CancellationToken cancellation)
    {
        try
        {
            var target = await targets.ResolveAsync(channelItemId, cancellation);
            if (await reader.FindFilesFolderAsync(target.Id, cancellation) is not var (driveId, folderId))
                return messages.Select(item => (item, ItemOutcomes.Failed(item, "The channel has no folder of files yet, and the tenant does not permit an import of messages.")));
            var writer = openDrive(driveId);
            var folder = await writer.EnsureFolderAsync(folderId, folderName, cancellation);
            var bytes = await RenderAsync((await point.FindAsync(channelItemId, cancellation))?.Name ?? target.Name, messages, cancellation);
            var file = await writer.CreateAsync(folder.Id, new FileToWrite(FileName(target, messages), bytes.Length, null, null, _ => Task.FromResult<Stream>(new MemoryStream(bytes))), NameConflict.Replace, cancellation);
            var loss = new Loss(TeamLossKind.AsArchive, $"It is a passage of the file '{file.Name}' in the channel's folder and no message: the tenant does not grant Teamwork.Migrate.All.", file.Name);
            return messages.Select(item => (item, ItemOutcomes.Restored(item, file.Id, [loss])));
        }
        catch (Exception exception) when (exception is GraphTransientException or GraphRefusedException or ItemGoneException or TeamUnavailableException or DriveUnavailableException or DamagedObjectException)
        {
            return messages.Select(item => (item, ItemOutcomes.Failed(item, exception.Message)));
        }
    }

    private static string FileName(TargetChannel target, IReadOnlyList<ItemVersion> messages)
    {
        var first = messages.Min(item => item.Time)?.UtcDateTime.ToString("yyyy-MM-dd HHmmss", CultureInfo.InvariantCulture) ?? "";
        var print = IdHash.Of(string.Join('\n', messages.Select(item => item.Id))).ToString("x32", CultureInfo.InvariantCulture)[..8];
        return DriveNames.Acceptable($"{target.Name} {first} {print}.html");
    }

    private async Task<byte[]> RenderAsync(string channel, IReadOnlyList<ItemVersion> messages, CancellationToken cancellation)
    {
        var html = new StringBuilder();
        var title = WebUtility.HtmlEncode(channel);
        html.Append(CultureInfo.InvariantCulture, $"<!DOCTYPE html><html><head><meta charset=\"utf-8\">{NothingRuns}<title>{title}</title></head><body><h1>{title}</h1>\n");
        foreach (var item in messages)
            html.Append(ChannelMessageComposer.ToHtml(await ItemOutcomes.ReadJsonAsync(point, item, cancellation), await StoredMessages.PicturesAsync(point, item, cancellation), TeamItems.PostOf(item) is not null));
        return Encoding.UTF8.GetBytes(html.Append("</body></html>\n").ToString());
    }
}
