using System.Text.Json;
using OrleansBackup.Microsoft365.Batching;
using OrleansBackup.Microsoft365.Paging;
using OrleansBackup.Microsoft365.Transport;

namespace OrleansBackup.Microsoft365.Mail;

/// <summary>Finds out what is in the mailbox already, so that a restore neither doubles nor overwrites unasked.</summary>
internal sealed class ExistingMessages(GraphClient client, MailboxRequests requests)
{
    private const string Select = "id,parentFolderId,changeKey,internetMessageId,receivedDateTime,lastModifiedDateTime";

    public async Task<IReadOnlyDictionary<string, ExistingMessage>> ByIdAsync(IReadOnlyList<string> ids, CancellationToken cancellation)
    {
        List<string> distinct = [.. ids.Distinct(StringComparer.Ordinal)];
        var parts = distinct.Select(id => new BatchPart($"/{requests.MessagePath(id)}?$select={Select}", MailboxRequests.ImmutableIds)).ToList();
        var answers = await new BatchSender(client).SendAsync(parts, requests.UserId, RequestSubject.Item, cancellation);
        var found = new Dictionary<string, ExistingMessage>(StringComparer.Ordinal);
        for (var i = 0; i < distinct.Count; i++)
        {
            if (answers[i].Failure is not { } failure)
            {
                if (Read(answers[i].Body) is { } existing) found[distinct[i]] = existing;
                continue;
            }

            var meaning = FailureMeaning.Of(failure, RequestSubject.Item);
            if (meaning == Meaning.ItemGone || failure.Has("ErrorInvalidIdMalformed", "ErrorInvalidMailboxItemId")) continue; // the latter: an id of another mailbox
            if (meaning is Meaning.ItemUnreadable or Meaning.ServerError) found[distinct[i]] = new ExistingMessage(distinct[i], FolderId: null, ChangeKey: null, InternetMessageId: null, Received: null);
            else throw client.Translate(failure, meaning, requests.Read(requests.Message(distinct[i]), RequestSubject.Item));
        }

        return found;
    }

    public Task<ExistingMessage?> ByMarkerAsync(string folderId, string marker, CancellationToken cancellation) => FirstAsync(folderId,
        $"singleValueExtendedProperties/any(ep:ep/id eq '{ExtendedProperties.RestoreMarker}' and ep/value eq '{Quoted(marker)}')", _ => true, cancellation);

    public Task<ExistingMessage?> ByOriginAsync(string folderId, string origin, IReadOnlySet<string> except, CancellationToken cancellation) => FirstAsync(folderId,
        $"singleValueExtendedProperties/any(ep:ep/id eq '{ExtendedProperties.RestoredFrom}' and ep/value eq '{Quoted(origin)}')", message => !except.Contains(message.Id), cancellation);

    /// <summary>Whether a message that we created has all the attachments that it was to have.</summary>
    public async Task<bool> IsWholeAsync(string messageId, CancellationToken cancellation)
    {
        var filter = Uri.EscapeDataString($"id eq '{ExtendedProperties.ExpectedAttachments}'");
        var address = client.Address($"{requests.MessagePath(messageId)}?$select=id&$expand=singleValueExtendedProperties($filter={filter})");
        var answer = await client.SendAsync(requests.Read(address, RequestSubject.Item), cancellation);
        using var document = JsonDocument.Parse(answer.Json);
        var expected = document.RootElement.TryGetProperty("singleValueExtendedProperties", out var list) && list.ValueKind == JsonValueKind.Array
            && list.GetArrayLength() > 0 && int.TryParse(TolerantJson.GetText(list[0], "value"), out var number) ? number : 0;
        if (expected == 0) return true;
        var found = new HashSet<string>(StringComparer.Ordinal);
        var first = requests.Read(client.Address($"{requests.MessagePath(messageId)}/attachments?$select=id"), RequestSubject.Item, pageSize: 999);
        await foreach (var page in ListWalk.PagesAsync(client, first, cancellation))
        {
            foreach (var item in page.Items) found.Add(MessageSummary.Parse(item).Id);
        }

        return found.Count >= expected;
    }

    public Task<ExistingMessage?> SameAsync(
        string folderId, string internetMessageId, DateTimeOffset? received, IReadOnlySet<string> except, CancellationToken cancellation, DateTimeOffset? since = null) => FirstAsync(folderId,
        $"internetMessageId eq '{Quoted(internetMessageId)}'",
        // Whole seconds: what the service stores and what it was given differ below that.
        message => !except.Contains(message.Id) && (since is null || message.LastModified >= since) && (received is null || message.Received is null || (message.Received.Value - received.Value).Duration() < TimeSpan.FromSeconds(1)), cancellation);

    private async Task<ExistingMessage?> FirstAsync(string folderId, string filter, Func<ExistingMessage, bool> fits, CancellationToken cancellation)
    {
        var address = client.Address($"{requests.FolderPath(folderId)}/messages?$filter={Uri.EscapeDataString(filter)}&$select={Select}");
        await foreach (var page in ListWalk.PagesAsync(client, requests.Read(address, RequestSubject.Folder, pageSize: 50), cancellation))
        {
            foreach (var item in page.Items)
            {
                using var document = JsonDocument.Parse(item);
                if (Read(document.RootElement) is { } existing && fits(existing)) return existing;
            }
        }

        return null;
    }

    private static ExistingMessage? Read(JsonElement message) => MessageSummary.Read(message, default) is { } summary
        ? new ExistingMessage(summary.Id, summary.FolderId, summary.ChangeKey, summary.InternetMessageId, summary.Received) { LastModified = summary.LastModified } : null;

    private static string Quoted(string text) => text.Replace("'", "''", StringComparison.Ordinal);
}
