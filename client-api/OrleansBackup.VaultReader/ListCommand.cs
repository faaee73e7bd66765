using System.Globalization;
using OrleansBackup.Vault;

namespace OrleansBackup.VaultReader;

/// <summary><c>vault ls</c>: what there is, one level at a time.</summary>
internal sealed class ListCommand(VaultRepository repository, TableWriter table)
{
    public async Task RunAsync(CommandLine line, CancellationToken cancellation)
    {
        switch (line.Target)
        {
            case []:
                await table.WriteAsync(["tenant", "card"], repository.ListTenantsAsync(cancellation).Select(async (string t, CancellationToken _) => new object?[] { t, await CardAsync(() => repository.ReadCardAsync(t, cancellation)) }), cancellation);
                break;
            case [var tenant]:
                await table.WriteAsync(["resource", "card"], Places.ResourcesAsync(repository, tenant, cancellation)
                    .Select(async (string r, CancellationToken _) => new object?[] { r, await CardAsync(() => repository.ReadCardAsync(new ResourceName(tenant, r), cancellation)) }), cancellation);
                break;
            case [var tenant, var resource]:
                var points = await (await Places.OpenAsync(repository, tenant, resource, cancellation)).ListPointsAsync(cancellation);
                await table.WriteAsync(["point", "started", "sealed", "items", "bytes"], points.ToAsyncEnumerable().Select(RowOf), cancellation);
                break;
            default:
                await using (var point = await Places.OpenPointAsync(repository, line, cancellation))
                {
                    var place = line.Target.Count > 3 ? await Places.FindAsync(point, line.Target[3], cancellation) : null;
                    await table.WriteAsync(["kind", "time", "size", "name", "contents", "id"], Places.InAsync(point, place, cancellation).Select(RowOf), cancellation);
                }
                break;
        }
    }

    /// <summary>What the service kept about it. That it cannot be read does not keep anybody from the list.</summary>
    private static async Task<string?> CardAsync(Func<Task<VaultCard?>> read)
    {
        try { return await read() is { } card ? card.IsNewest ? card.Text : $"{card.Text} (a newer card is damaged)" : null; }
        catch (VaultException e) { return $"({e.Message})"; }
    }

    private static object?[] RowOf(RestorePoint point) =>
        [point.Sequence, point.StartedAt, point.SealedAt, string.Join(", ", point.ItemsByKind.Select(k => $"{k.Value} {k.Key}")), point.LogicalBytes];

    private static object?[] RowOf(ItemVersion item) =>
        [item.Kind, item.Time, item.Size.ToString(CultureInfo.InvariantCulture), item.Name, string.Join(",", item.Contents.Keys), item.Id];
}
