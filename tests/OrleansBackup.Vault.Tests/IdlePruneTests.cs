using OrleansBackup.Vault.Tests.Given;

namespace OrleansBackup.Vault.Tests;

/// <summary>A resource that has no runs any more, a former colleague's mailbox, gives back what expires as well.</summary>
public sealed class IdlePruneTests
{
    [Fact]
    public async Task What_only_removed_points_held_goes_although_no_run_comes_any_more()
    {
        var store = new MemoryBlobStore();
        var vault = await AVault.OnAsync(store, AVault.SmallSizes with { TargetPackBytes = 1, GracePeriod = TimeSpan.FromDays(7) });
        var secret = AVault.Bytes(4711, 1500, compressible: false);
        await using (var run = await vault.BeginAsync())
        {
            for (var i = 0; i < 400; i++)
                await run.PutAsync($"item-{i:d3}", AVault.Bytes(i, 30));
            await run.PutAsync("secret", secret); // alone in its pack
            await run.SealAsync();
        }
        await using (var run = await vault.BeginAsync())
        {
            await run.RemoveAsync("secret", default); // far less than a tenth of the whole
            await run.SealAsync();
        }
        var mailbox = await vault.OpenAsync();
        var old = (await mailbox.ListPointsAsync(default))[0].Sequence;
        var before = Packs(store);
        await mailbox.PruneAsync([old], default);
        for (var week = 0; week < 7; week++)
        {
            vault.Clock.Advance(TimeSpan.FromDays(7));
            await (await vault.OpenAsync()).PruneAsync([], default);
        }
        Assert.Equal(before - 1, Packs(store));
        Assert.Empty((await (await vault.OpenAsync()).CheckAsync(CheckDepth.Full, null, default)).Findings);
    }

    private static int Packs(MemoryBlobStore store) => store.Objects.Keys.Count(n => n.Value.Contains("/packs/", StringComparison.Ordinal));
}
