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
                await table.WriteAsync(["tenant"], repository.ListTenantsAsync(cancellation).Select(t => new object?[] { t }), cancellation);
                break;
            case [var tenant]:
                await table.WriteAsync(["resource"], Places.ResourcesAsync(repository, tenant, cancellation).Select(r => new object?[] { r }), cancellation);
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

    private static object?[] RowOf(RestorePoint point) =>
        [point.Sequence, point.StartedAt, point.SealedAt, string.Join(", ", point.ItemsByKind.Select(k => $"{k.Value} {k.Key}")), point.LogicalBytes];

    private static object?[] RowOf(ItemVersion item) =>
        [item.Kind, item.Time, item.Size.ToString(CultureInfo.InvariantCulture), item.Name, string.Join(",", item.Contents.Keys), item.Id];
}
