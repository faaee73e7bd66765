using System.Net.Http.Headers;
using System.Text.Json;
using OrleansBackup.Microsoft365.Paging;
using OrleansBackup.Microsoft365.Transport;

namespace OrleansBackup.Microsoft365.Mail;

/// <summary>Finds or makes folders to restore into.</summary>
internal sealed class FolderWriter(GraphClient client, MailboxRequests requests)
{
    private const int LongestName = 255;
    private const int PageSize = 500;

    /// <summary>The name as it is where the service takes it, else the nearest that it does.</summary>
    public async Task<MailFolder> EnsureAsync(string parentId, string displayName, bool hidden, CancellationToken cancellation)
    {
        var acceptable = Acceptable(displayName);
        if (displayName.All(c => char.IsControl(c) || char.IsWhiteSpace(c)) || displayName.Length > LongestName || displayName == acceptable)
            return await EnsureNamedAsync(parentId, acceptable, hidden, cancellation);
        try
        {
            return await EnsureNamedAsync(parentId, displayName, hidden, cancellation);
        }
        catch (GraphRefusedException e) when (e.Status == 400)
        {
            return await EnsureNamedAsync(parentId, acceptable, hidden, cancellation);
        }
    }

    private async Task<MailFolder> EnsureNamedAsync(string parentId, string name, bool hidden, CancellationToken cancellation)
    {
        for (var attempt = 0; ; attempt++)
        {
            // Names are compared exactly, except after a refusal: the service itself holds some different names to be equal.
            var comparison = attempt == 0 ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
            if (await FindAsync(parentId, name, comparison, cancellation) is { } found) return found;
            try
            {
                return await CreateAsync(parentId, name, hidden, cancellation);
            }
            catch (GraphException e) when (attempt < 2 && (e is GraphTransientException || e is GraphRefusedException { Status: 409 }))
            {
                // Somebody was faster, or the reply was lost: look again.
            }
        }
    }

    public async Task<MailFolder?> FindAsync(string parentId, string name, StringComparison comparison, CancellationToken cancellation)
    {
        MailFolder? best = null;
        var first = requests.Read(requests.ChildFolders(parentId, hidden: true), RequestSubject.Folder, PageSize);
        await foreach (var page in ListWalk.PagesAsync(client, first, cancellation))
        {
            foreach (var item in page.Items)
            {
                using var document = JsonDocument.Parse(item);
                if (TolerantJson.GetText(document.RootElement, "id") is not { } id || TolerantJson.GetText(document.RootElement, "@odata.type") == "#microsoft.graph.mailSearchFolder") continue;
                var folder = MailFolder.Read(document.RootElement, id);
                // Of several siblings of that name always the same one, so that a restore that goes on uses it again.
                if (string.Equals(folder.DisplayName, name, comparison) && (best is null || string.CompareOrdinal(id, best.Id) < 0)) best = folder;
            }
        }

        return best;
    }

    private async Task<MailFolder> CreateAsync(string parentId, string name, bool hidden, CancellationToken cancellation)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object> { ["displayName"] = name, ["isHidden"] = hidden });
        var answer = await client.SendAsync(requests.Write(HttpMethod.Post, $"{requests.FolderPath(parentId)}/childFolders", RequestSubject.Folder) with
        {
            Body = () => new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
            BodyBytes = body.Length,
            IsRepeatable = false,
        }, cancellation);
        using var document = JsonDocument.Parse(answer.Json);
        return MailFolder.Read(document.RootElement, TolerantJson.GetText(document.RootElement, "id") ?? throw new JsonException("A created folder has no id."));
    }

    /// <summary>Folders without a name, or with one too long, exist; the service does not create them.</summary>
    private static string Acceptable(string name)
    {
        var clean = string.Concat(name.Select(c => char.IsControl(c) ? ' ' : c)).Trim();
        return clean.Length == 0 ? "Unnamed folder" : clean.Length <= LongestName ? clean : clean[..LongestName];
    }
}
