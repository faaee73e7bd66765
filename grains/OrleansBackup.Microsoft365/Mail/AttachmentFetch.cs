using System.Collections.Immutable;
using System.Text.Json;
using OrleansBackup.Microsoft365.Paging;
using OrleansBackup.Microsoft365.Transport;

namespace OrleansBackup.Microsoft365.Mail;

/// <summary>Reads a message's attachments one after the other, as the store allows no other way; one that fails is kept as its name and reason.</summary>
internal sealed class AttachmentFetch(GraphClient client, IAttachmentOwner requests, MailReadOptions options)
{
    private const int PageSize = 999; // its paging is broken: one page must do where it can

    /// <exception cref="ItemGoneException">The message is gone.</exception>
    /// <exception cref="ItemUnreadableException">Not even the list can be read.</exception>
    public async Task<ImmutableArray<FetchedAttachment>> ReadAllAsync(string messageId, CancellationToken cancellation)
    {
        var found = ImmutableArray.CreateBuilder<FetchedAttachment>();
        try
        {
            foreach (var listed in await ListAsync(messageId, cancellation)) found.Add(await ReadAsync(messageId, listed, cancellation));
            return found.ToImmutable();
        }
        catch
        {
            foreach (var attachment in found)
            {
                if (attachment.Content is not null) await attachment.Content.DisposeAsync();
            }

            throw;
        }
    }

    private async Task<IReadOnlyList<Listed>> ListAsync(string messageId, CancellationToken cancellation)
    {
        var all = new Dictionary<string, Listed>(StringComparer.Ordinal);
        var first = requests.Read(client.Address($"{requests.PathOf(messageId)}/attachments?$select={requests.AttachmentSelect}"), RequestSubject.Item, PageSize);
        await foreach (var page in ListWalk.PagesAsync(client, first, cancellation))
        {
            foreach (var item in page.Items)
            {
                if (Listed.Read(item) is { } listed) all[listed.Id] = listed;
            }
        }

        return [.. all.Values];
    }

    private async Task<FetchedAttachment> ReadAsync(string messageId, Listed listed, CancellationToken cancellation)
    {
        try
        {
            return listed.Kind switch
            {
                AttachmentKind.File when listed.Size <= options.AttachmentInJsonUpTo => await ReadInJsonAsync(messageId, listed, cancellation),
                AttachmentKind.File => await ReadAsStreamAsync(messageId, listed, "", cancellation),
                AttachmentKind.Item => await ReadAsStreamAsync(messageId, listed, "?$expand=microsoft.graph.itemAttachment/item", cancellation),
                _ => listed.With(await GetAsync(messageId, listed.Id, "", cancellation), content: null),
            };
        }
        catch (GraphException e) when (IsOfOneAttachment(e))
        {
            return listed.With(listed.Json, content: null, e.Code);
        }
    }

    /// <summary>Failures that say nothing about the message's other attachments. One that is gone shows in the message's next change.</summary>
    private static bool IsOfOneAttachment(GraphException e) => e is ItemUnreadableException or ItemGoneException or GraphRefusedException
        or GraphTransientException { Status: not null };

    private async Task<FetchedAttachment> ReadInJsonAsync(string messageId, Listed listed, CancellationToken cancellation)
    {
        using var answer = await client.SendAsync(Request(messageId, listed.Id, "") with { LendsJson = true }, cancellation);
        using var document = JsonDocument.Parse(answer.Json);
        var content = AttachmentJson.ContentOf(document.RootElement) ?? await ContentAsync(messageId, listed.Id, cancellation);
        return listed.With(AttachmentJson.WithoutContent(document.RootElement), content);
    }

    private async Task<FetchedAttachment> ReadAsStreamAsync(string messageId, Listed listed, string query, CancellationToken cancellation)
    {
        var content = await ContentAsync(messageId, listed.Id, cancellation);
        try
        {
            var json = listed.Kind == AttachmentKind.Item ? await TryGetAsync(messageId, listed, query, cancellation)
                : await TryGetAsync(messageId, listed, $"?$select={requests.AttachmentSelect},microsoft.graph.fileAttachment/contentId", cancellation);
            return listed.With(json, content);
        }
        catch
        {
            await content.DisposeAsync();
            throw;
        }
    }

    /// <summary>The bytes are what counts: properties beyond the listed ones are taken if they come.</summary>
    private async Task<ReadOnlyMemory<byte>> TryGetAsync(string messageId, Listed listed, string query, CancellationToken cancellation)
    {
        try
        {
            return await GetAsync(messageId, listed.Id, query, cancellation);
        }
        catch (GraphException e) when (e is ItemUnreadableException or GraphRefusedException)
        {
            return listed.Json;
        }
    }

    private async Task<ReadOnlyMemory<byte>> GetAsync(string messageId, string id, string query, CancellationToken cancellation) =>
        (await client.SendAsync(Request(messageId, id, query), cancellation)).Json;

    private GraphRequest Request(string messageId, string id, string query) =>
        requests.Read(client.Address($"{requests.PathOf(messageId)}/attachments/{MailboxRequests.Segment(id)}{query}"), RequestSubject.Item);

    private async Task<Stream> ContentAsync(string messageId, string id, CancellationToken cancellation)
    {
        var address = client.Address($"{requests.PathOf(messageId)}/attachments/{MailboxRequests.Segment(id)}/$value");
        return (await client.SendAsync(requests.Read(address, RequestSubject.Item) with { WantsContent = true }, cancellation)).Content!;
    }

    private sealed record Listed(string Id, string Name, AttachmentKind Kind, string? ContentType, bool IsInline, long Size, ReadOnlyMemory<byte> Json)
    {
        public static Listed? Read(ReadOnlyMemory<byte> json)
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            if (TolerantJson.GetText(root, "id") is not { Length: > 0 } id) return null;
            return new Listed(id, TolerantJson.GetText(root, "name") ?? "", KindOf(root), TolerantJson.GetText(root, "contentType"),
                root.TryGetProperty("isInline", out var inline) && inline.ValueKind == JsonValueKind.True,
                root.TryGetProperty("size", out var size) && size.ValueKind == JsonValueKind.Number && size.TryGetInt64(out var bytes) ? bytes : 0, json);
        }

        public FetchedAttachment With(ReadOnlyMemory<byte> json, Stream? content, string? failure = null)
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 128 });
            return new FetchedAttachment(Id, Name, Kind, ContentType, IsInline, TolerantJson.GetText(document.RootElement, "contentId"), json, content, failure);
        }

        private static AttachmentKind KindOf(JsonElement attachment) => TolerantJson.GetText(attachment, "@odata.type") switch
        {
            "#microsoft.graph.fileAttachment" or "#microsoft.graph.taskFileAttachment" => AttachmentKind.File,
            "#microsoft.graph.itemAttachment" => AttachmentKind.Item,
            "#microsoft.graph.referenceAttachment" => AttachmentKind.Reference,
            _ => AttachmentKind.Unknown,
        };
    }
}
