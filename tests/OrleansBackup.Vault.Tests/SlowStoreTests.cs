using OrleansBackup.Vault.Stores;
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
    public async Task A_store_that_answers_nothing_for_days_stops_the_reading_of_the_source_at_the_bounds_and_nothing_gives_up()
    {
        var (memory, options) = (new MemoryBlobStore(), AVault.SmallSizes with { BlocksUnderWay = 3 });
        var gate = new GatedBlobStore(memory);
        gate.Open();
        var vault = await AVault.OnAsync(gate, options);
        await using var run = await vault.BeginAsync();
        gate.Close();
        var (small, large) = (0, new MemoryStream(AVault.Bytes(1, 400_000, compressible: false)));
        var storing = Task.WhenAll(
            Task.Run(async () =>
            {
                for (var i = 0; i < 400; i++, small++)
                    await run.PutAsync($"small-{i:d3}", AVault.Bytes(1000 + i, 900, compressible: false));
            }),
            Task.Run(async () => await run.StoreAsync(large, default)));
        await gate.UntilQuietAsync(options.BlocksUnderWay);
        vault.Clock.Advance(TimeSpan.FromDays(3));

        Assert.False(storing.IsCompleted);
        // Two packs and a few blocks of small content, a few chunks and one buffer of the large: the rest is not even read.
        Assert.InRange(small * 900, 0, 2 * options.TargetPackBytes + (options.BlocksUnderWay + 3) * (options.TargetBlockBytes + options.SmallContentBytes));
        Assert.InRange(large.Position, 1, (options.BlocksUnderWay + 3) * options.MostChunkBytes + 2 * options.SmallContentBytes);
        Assert.InRange(gate.Waiting, options.BlocksUnderWay, options.BlocksUnderWay + 1); // the chunks under way, and the one pack that is being stored
        gate.Open();
        await storing;
        await run.SealAsync();
        Assert.InRange(gate.MostWaiting, 1, options.BlocksUnderWay + 1);
        Assert.Equal(400, (await (await vault.OpenAsync()).ListPointsAsync(default))[^1].ItemsByKind["message"]);
    }

    /// <summary>While it is closed, calls wait; the test is told when so many do.</summary>
    private sealed class GatedBlobStore(IBlobStore inner) : DelegatingBlobStore(inner)
    {
        private readonly Lock _lock = new();
        private TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private (int Calls, TaskCompletionSource Told)? _awaited;

        public int Waiting { get; private set; }
        public int MostWaiting { get; private set; }

        public void Open() => _open.TrySetResult();

        public void Close() => _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async Task UntilQuietAsync(int calls)
        {
            Task told;
            lock (_lock)
            {
                if (Waiting >= calls)
                    return;
                _awaited = (calls, new(TaskCreationOptions.RunContinuationsAsynchronously));
                told = _awaited.Value.Told.Task;
            }
            await told;
        }

        public override async Task<bool> PutIfAbsentAsync(BlobName name, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
        {
            lock (_lock)
            {
                MostWaiting = Math.Max(MostWaiting, ++Waiting);
                if (_awaited is { } awaited && Waiting >= awaited.Calls)
                    awaited.Told.TrySetResult();
            }
            try
            {
                await _open.Task;
                return await base.PutIfAbsentAsync(name, bytes, cancellation);
            }
            finally
            {
                lock (_lock)
                    Waiting--;
            }
        }
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
