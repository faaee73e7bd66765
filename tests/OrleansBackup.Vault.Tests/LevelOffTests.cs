using OrleansBackup.Vault.Tests.Given;

namespace OrleansBackup.Vault.Tests;

/// <summary>What expires gives its space back: a mailbox that lives on with the same amount of mail does not grow without end.</summary>
public sealed class LevelOffTests
{
    private const int Days = 120, Retention = 30, Items = 120, ChangesADay = 6;

    [Fact]
    public async Task Stored_bytes_of_a_mailbox_with_thirty_days_of_retention_level_off()
    {
        var store = new MemoryBlobStore();
        var vault = await AVault.OnAsync(store);
        var (stored, content) = (new List<long>(), 0);
        for (var day = 0; day < Days; day++)
        {
            await using (var run = await vault.BeginAsync())
            {
                for (var change = day == 0 ? 0 : Items; change < Items + (day == 0 ? 0 : ChangesADay); change++)
                {
                    content++;
                    await run.PutAsync($"item-{content:d5}", AVault.Bytes(content, content % 10 == 0 ? 4000 : 400, compressible: false));
                    if (day > 0)
                        await run.RemoveAsync($"item-{content - Items:d5}", default);
                }
                await run.SealAsync();
            }
            var mailbox = await vault.OpenAsync();
            var points = await mailbox.ListPointsAsync(default);
            await mailbox.PruneAsync([.. points.SkipLast(Retention).Select(p => p.Sequence)], default);
            if (day % 7 == 0)
                await vault.Repository.SweepAsync(AVault.Mailbox.Tenant, default);
            stored.Add(store.StoredBytes);
            vault.Clock.Advance(TimeSpan.FromDays(1));
        }
        var (middle, end) = (stored[50..70].Average(), stored[100..].Average());
        Assert.InRange(end / middle, 0.9, 1.1);
        // The items and the changes of the days kept; on top what waits (grace, two sweeps, a tenth), and names and tables, which weigh much beside 400 bytes.
        var needed = (Items + ChangesADay * Retention) * (0.9 * 400 + 0.1 * 4000);
        Assert.InRange(end / needed, 0.8, 3.5);
        var last = await vault.OpenAsync();
        Assert.Equal(Retention, (await last.ListPointsAsync(default)).Length);
        Assert.Empty((await last.CheckAsync(CheckDepth.Full, null, default)).Findings);
    }
}
