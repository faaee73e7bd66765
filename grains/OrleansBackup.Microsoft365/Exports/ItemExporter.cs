using System.Text.Json;
using OrleansBackup.Microsoft365.Items;
using OrleansBackup.Microsoft365.Transport;

namespace OrleansBackup.Microsoft365.Exports;

/// <summary>Takes items out of one mailbox in Exchange's own form, several a request; a bad one fails alone.</summary>
public sealed class ItemExporter(ExchangeMailbox mailbox, ExportOptions options)
{
    internal const string NotAnswered = "NotAnswered";

    /// <summary>Exports a batch of <see cref="ExportBatches"/>. Memory: one buffer, however long the streams are.</summary>
    /// <param name="store">Called for one stream after the other; it reads each to its end. What broke off is asked for again, and <paramref name="store"/> called again.</param>
    /// <returns>One for each id, in the order of <paramref name="ids"/>.</returns>
    /// <exception cref="TenantAccessException">The tenant does not permit it (any more).</exception>
    /// <exception cref="GraphTransientException">No answer came to its end.</exception>
    public async Task<IReadOnlyList<ExportedItem<T>>> ExportAsync<T>(IReadOnlyList<string> ids, Func<Stream, CancellationToken, Task<T>> store, CancellationToken cancellation)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(ids);
        ArgumentNullException.ThrowIfNull(store);
        var done = new Dictionary<string, ExportedItem<T>>(StringComparer.Ordinal);
        var most = ids.Count;
        for (var attempt = 1; done.Count < ids.Count;)
        {
            var wanted = ids.Where(id => !done.ContainsKey(id)).Take(most).ToList();
            var before = done.Count;
            try
            {
                await ReceiveAsync(wanted, store, done, cancellation);
                foreach (var id in wanted) done.TryAdd(id, new ExportedItem<T>(id, null, NotAnswered));
            }
            catch (Exception e) when (e is IOException or JsonException or GraphTransientException or GraphRefusedException { Status: 413 } || (e is GraphRefusedException && wanted.Count > 1))
            {
                // What came whole is kept. A transfer that always breaks at the same item ends with that item alone.
                if (done.Count == before && wanted.Count == 1 && attempt++ >= options.MaxAttempts)
                {
                    if (e is GraphTransientException) throw;
                    done.Add(wanted[0], new ExportedItem<T>(wanted[0], null, e is GraphException graph ? graph.Code : "BrokenTransfer"));
                }

                if (done.Count == before) most = Math.Max(1, wanted.Count / 2);
                if (e is not GraphException) await Task.Delay(mailbox.Client.Options.FirstBackoff, mailbox.Client.Time, cancellation);
            }
            catch (GraphRefusedException e)
            {
                done.Add(wanted[0], new ExportedItem<T>(wanted[0], null, e.Code));
            }
        }

        return [.. ids.Select(id => done[id])];
    }

    private async Task ReceiveAsync<T>(List<string> ids, Func<Stream, CancellationToken, Task<T>> store, Dictionary<string, ExportedItem<T>> done, CancellationToken cancellation)
        where T : class
    {
        var body = JsonBody.Write(json =>
        {
            json.WriteStartArray("itemIds");
            foreach (var id in ids) json.WriteStringValue(id);
            json.WriteEndArray();
        });
        await using var content = await mailbox.Client.OpenAsync(mailbox.Post(mailbox.Path("exportItems"), body, GraphPermissions.ExportItems), cancellation);
        using var answer = new AnswerReader(content.ReadAsync);
        await answer.ExpectAsync('{', cancellation);
        var hasList = false;
        for (var isFirst = true; await answer.HasNextAsync('}', isFirst, cancellation); isFirst = false)
        {
            var name = await answer.NameAsync(cancellation);
            if (name == "error") throw new JsonException("The service began to answer before it failed.");
            if (name != "value")
            {
                await answer.SkipAsync(cancellation);
                continue;
            }

            hasList = true;
            await answer.ExpectAsync('[', cancellation);
            for (var first = true; await answer.HasNextAsync(']', first, cancellation); first = false)
            {
                var item = await ItemAsync(answer, store, cancellation);
                if (item is not null && ids.Contains(item.Id)) done[item.Id] = item;
            }
        }

        if (!hasList) throw new JsonException("The answer has no list.");
    }

    private static async Task<ExportedItem<T>?> ItemAsync<T>(AnswerReader answer, Func<Stream, CancellationToken, Task<T>> store, CancellationToken cancellation) where T : class
    {
        string? id = null;
        string? failure = null;
        T? stored = null;
        await answer.ExpectAsync('{', cancellation);
        for (var isFirst = true; await answer.HasNextAsync('}', isFirst, cancellation); isFirst = false)
        {
            switch (await answer.NameAsync(cancellation))
            {
                case "itemId":
                    id = await answer.TextAsync(cancellation);
                    break;
                case "error":
                    failure = await ErrorAsync(answer, cancellation);
                    break;
                case "data" when await answer.BeginBase64Async(cancellation):
                    await using (var bytes = new Base64Stream(answer))
                    {
                        stored = await store(bytes, cancellation);
                        if (!bytes.IsRead) throw new InvalidOperationException("A stream was not read to its end.");
                    }

                    break;
                case "data":
                    break;
                default:
                    await answer.SkipAsync(cancellation);
                    break;
            }
        }

        if (id is null) return null;
        return failure is not null ? new ExportedItem<T>(id, null, failure) : new ExportedItem<T>(id, stored, stored is null ? "NoData" : null);
    }

    private static async Task<string?> ErrorAsync(AnswerReader answer, CancellationToken cancellation)
    {
        if (await answer.PeekAsync(cancellation) != '{')
        {
            await answer.SkipAsync(cancellation);
            return null;
        }

        await answer.ExpectAsync('{', cancellation);
        string? code = null;
        for (var isFirst = true; await answer.HasNextAsync('}', isFirst, cancellation); isFirst = false)
        {
            if (await answer.NameAsync(cancellation) == "code") code = await answer.TextAsync(cancellation);
            else await answer.SkipAsync(cancellation);
        }

        return code ?? "Unknown";
    }
}
