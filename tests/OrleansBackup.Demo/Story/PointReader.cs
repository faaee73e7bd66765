using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using OrleansBackup.Demo.Clients;
using OrleansBackup.Demo.Comparison;

namespace OrleansBackup.Demo.Story;

/// <summary>Reads the mail of a whole restore point through the REST API: folders, every message's properties, MIME bytes and attachments.</summary>
internal sealed class PointReader(ServerApi api)
{
    private const int PageSize = 200;
    private const string MailFolder = "folder";

    /// <summary>Downloads under way at once.</summary>
    private const int Breadth = 8;

    public async Task<MailboxPicture> ReadAsync(string pointPath, CancellationToken cancellation)
    {
        // The picture is of mail; calendars, contacts and tasks lie in the same point.
        var folders = (await api.GetAsync<FoldersAnswer>($"{pointPath}/folders", cancellation)).Folders.Where(folder => folder.Kind == MailFolder).ToImmutableArray();
        var messages = new ConcurrentBag<MessagePicture>();
        foreach (var folder in folders)
        {
            var items = await ListAsync(pointPath, folder.Id, cancellation);
            await Parallel.ForEachAsync(items, new ParallelOptions { MaxDegreeOfParallelism = Breadth, CancellationToken = cancellation },
                async (item, stop) => messages.Add(await ReadMessageAsync(pointPath, item, folder, stop)));
        }
        return new MailboxPicture([.. folders.Select(folder => new FolderPicture(folder.Id, folder.ParentId, folder.Path))], [.. messages]);
    }

    private async Task<List<ItemAnswer>> ListAsync(string pointPath, string folderId, CancellationToken cancellation)
    {
        var all = new List<ItemAnswer>();
        string? after = null;
        do
        {
            var page = await api.GetAsync<ItemsAnswer>(
                $"{pointPath}/folders/{Uri.EscapeDataString(folderId)}/items?limit={PageSize}{(after is null ? "" : "&after=" + Uri.EscapeDataString(after))}", cancellation);
            all.AddRange(page.Items);
            after = page.Next;
        }
        while (after is not null);
        return all;
    }

    private async Task<MessagePicture> ReadMessageAsync(string pointPath, ItemAnswer item, FolderAnswer folder, CancellationToken cancellation)
    {
        var path = $"{pointPath}/items/{Uri.EscapeDataString(item.Id)}";
        var properties = await api.GetAsync<JsonElement>($"{path}/properties", cancellation);
        var mime = await api.DownloadAsync($"{path}/content", ContentFingerprint.OfAsync, cancellation);
        var attachments = ImmutableArray.CreateBuilder<AttachmentPicture>(item.Attachments.Length);
        for (var i = 0; i < item.Attachments.Length; i++)
        {
            var attachment = item.Attachments[i];
            var content = await api.DownloadAsync($"{path}/attachments/{i}", ContentFingerprint.OfAsync, cancellation);
            attachments.Add(new AttachmentPicture(attachment.Name, attachment.ContentType, attachment.Kind.ToLowerInvariant(), attachment.IsInline, content));
        }
        return new MessagePicture(item.Id, item.FolderId, folder.Path, properties, mime, attachments.ToImmutable());
    }
}
