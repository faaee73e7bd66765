using OrleansBackup.Vault.Checking;
using OrleansBackup.Vault.Tests.Given;

namespace OrleansBackup.Vault.Tests;

/// <summary>A store that is far away and overloaded slows a run down, and does nothing else to it.</summary>
public sealed class SlowStoreTests
{
    [Fact]
    public async Task A_slow_store_never_has_more_under_way_than_the_bound_and_gets_everything()
    {
        var (memory, options) = (new MemoryBlobStore(), AVault.SmallSizes with { BlocksUnderWay = 3 });
        var slow = new SlowBlobStore(memory, turns: 200);
        var vault = await AVault.OnAsync(slow, options);
        await using (var run = await vault.BeginAsync())
        {
            await run.PutAsync("large", AVault.Bytes(1, 60_000, compressible: false));
            await run.SealAsync();
        }
        Assert.InRange(slow.MostUnderWay, 2, options.BlocksUnderWay + 1);
        Assert.Empty((await (await AVault.Existing(memory).OpenAsync()).CheckAsync(CheckDepth.Full, null, default)).Findings);
    }

    [Fact]
    public async Task Runs_that_are_refused_again_and_again_come_to_their_end_by_being_begun_again()
    {
        var memory = new MemoryBlobStore();
        var contents = Enumerable.Range(0, 12).Select(i => AVault.Bytes(i, 1_500, compressible: false)).ToArray();
        await AVault.OnAsync(memory);
        var vault = AVault.Existing(new SlowBlobStore(memory, turns: 3, everyNth: 5));
        var (refused, isSealed) = (0, false);
        while (!isSealed)
        {
            Assert.True(refused < 100, "the run never comes to its end");
            await using var run = await vault.BeginAsync();
            try
            {
                for (var i = 0; i < contents.Length; i++)
                {
                    if (await run.FindAsync($"item-{i}", default) is not null)
                        continue;
                    await run.PutAsync($"item-{i}", contents[i]);
                    await run.CommitSegmentAsync($"{i}", default);
                }
                await run.SealAsync();
                isSealed = true;
            }
            catch (VaultException e) when (e.IsTransient) { refused++; }
        }
        Assert.True(refused > 2, "nothing was refused");
        var resource = await AVault.Existing(memory).OpenAsync();
        var reader = await resource.OpenPointAsync(Assert.Single(await resource.ListPointsAsync(default)).Sequence, default);
        for (var i = 0; i < contents.Length; i++)
            Assert.Equal(contents[i], await reader.ReadAllAsync((await reader.FindAsync($"item-{i}", default))!.Contents["mime"]));
    }
}
