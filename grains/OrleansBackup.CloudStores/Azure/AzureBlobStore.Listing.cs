using System.Runtime.CompilerServices;
using System.Xml;
using System.Xml.Linq;
using OrleansBackup.CloudStores.Transient;
using OrleansBackup.Vault;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.CloudStores.Azure;

/// <summary>Lists of blobs, page by page.</summary>
public sealed partial class AzureBlobStore
{
    private async IAsyncEnumerable<Page> PagesAsync(string prefix, string delimiter, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (prefix.Length > 0)
            new BlobName(prefix.TrimEnd('/')).EnsureValid();
        for (var marker = ""; ;)
        {
            var query = $"restype=container&comp=list&maxresults={_options.ListPage}&prefix={Uri.EscapeDataString(prefix)}";
            query += delimiter.Length > 0 ? $"&delimiter={Uri.EscapeDataString(delimiter)}" : "";
            query += marker.Length > 0 ? $"&marker={Uri.EscapeDataString(marker)}" : "";
            var page = await _client.SendAsync(HttpMethod.Get, "", query, NoMore, async (response, _, token) =>
                response.IsSuccessStatusCode ? await ReadPageAsync(response, token) : throw FailureOf(response, null), cancellation);
            yield return page;
            if ((marker = page.Next).Length == 0)
                yield break;
        }
    }

    private async Task<Page> ReadPageAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellation);
            var root = (await XDocument.LoadAsync(body, LoadOptions.None, cancellation)).Root!;
            return new(
                [.. root.Descendants("Blob").Select(blob => blob.Element("Name")!.Value)],
                [.. root.Descendants("BlobPrefix").Select(part => part.Element("Name")!.Value)],
                root.Element("NextMarker")?.Value ?? "");
        }
        catch (XmlException e)
        {
            throw new PassingFailureException("a list that is no XML", null, last => new StoreProtocolException(_client.Store, "a list that is no XML", last), e);
        }
    }

    private sealed record Page(IReadOnlyList<string> Names, IReadOnlyList<string> Prefixes, string Next);
}
