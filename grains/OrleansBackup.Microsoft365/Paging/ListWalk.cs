using System.Runtime.CompilerServices;
using OrleansBackup.Microsoft365.Transport;

namespace OrleansBackup.Microsoft365.Paging;

/// <summary>Follows a plain list to its end.</summary>
internal static class ListWalk
{
    /// <exception cref="GraphTransientException">The list walks in circles or its links lead nowhere: what was read is not all.</exception>
    public static async IAsyncEnumerable<GraphPage> PagesAsync(GraphClient client, GraphRequest first, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var repeats = new PageRepeats();
        for (var request = first; ;)
        {
            var page = GraphPage.Read((await client.SendAsync(request, cancellation)).Json);
            if (repeats.IsCircle(page)) throw Broken("CircularPaging");
            yield return page;
            if (page.NextLink is null) yield break;
            request = request with { Address = LinkCheck.Follow(client, page.NextLink, request.Address) ?? throw Broken("BadNextLink") };
        }
    }

    private static GraphTransientException Broken(string code) =>
        new($"A list of the service cannot be read to its end ({code}).", code, requestId: null, status: null);
}
