using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Restores;

/// <summary>Works through what a job asks for, part after part and page by page, and writes down what became of every item.</summary>
/// <remarks>Items, pages and parts have one order, so an attempt that begins after a crash goes on after the last page that stands in the ledger.</remarks>
internal sealed class RestoreRun(IReadOnlyList<IPartRestore> parts, IRestoreLedger ledger)
{
    private const int PageSize = 50;

    private int _page;

    public async Task RunAsync(CancellationToken cancellation)
    {
        if (!ledger.Counted)
        {
            ledger.Step("Counting what was asked for");
            long asked = 0;
            foreach (var part in parts)
                await foreach (var _ in part.ItemsAsync(cancellation))
                    asked++;
            await ledger.AskAsync(asked);
        }
        foreach (var part in parts)
            await RestoreAsync(part, cancellation);
    }

    private async Task RestoreAsync(IPartRestore part, CancellationToken cancellation)
    {
        ledger.Step("Restoring");
        var items = new List<ItemVersion>(PageSize);
        await foreach (var item in part.ItemsAsync(cancellation))
        {
            items.Add(item);
            if (items.Count == PageSize)
                await TakePageAsync(part, items, cancellation);
        }
        if (items.Count > 0)
            await TakePageAsync(part, items, cancellation);
        await part.CompleteAsync(ledger, cancellation);
    }

    private async Task TakePageAsync(IPartRestore part, List<ItemVersion> items, CancellationToken cancellation)
    {
        if (_page++ < ledger.PagesDone)
            foreach (var outcome in await ledger.ReadPageAsync(_page - 1))
                part.Remember(outcome);
        else
            await ledger.AddPageAsync(await part.RestoreAsync(items, ledger.Interrupted, cancellation));
        items.Clear();
    }
}
