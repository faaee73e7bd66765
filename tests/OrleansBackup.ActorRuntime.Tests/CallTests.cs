using OrleansBackup.ActorRuntime.Tests.Fixtures;
using OrleansBackup.ActorRuntime.Tests.Grains;

namespace OrleansBackup.ActorRuntime.Tests;

/// <summary>The kinds of calls: results, cancellation, one-way calls, streams.</summary>
public sealed class CallTests
{
    private readonly string _name = Guid.NewGuid().ToString("N");

    private Rendezvous Here => Rendezvous.At(_name);

    [Fact]
    public async Task Value_tasks_and_many_arguments_work()
    {
        await using var given = await Given.ASilo();
        var grain = given.Client.GetGrain<ITurnsGrain>(_name);
        Assert.Equal(7, await grain.Value(7));
        await grain.Nothing();
        Assert.Equal(45, await grain.Sum(1, 2, 3, 4, 5, 6, 7, 8, 9));
    }

    [Fact]
    public async Task A_one_way_call_hears_nothing_of_its_end()
    {
        await using var given = await Given.ASilo();
        await given.Client.GetGrain<ITurnsGrain>(_name).Tell("told");
        await Here.Noted("told");
    }

    [Fact]
    public async Task Cancelling_reaches_into_the_grain()
    {
        await using var given = await Given.ASilo();
        using var source = new CancellationTokenSource();
        var call = given.Client.GetGrain<ITurnsGrain>(_name).WaitFor("work", source.Token);
        await Here.Noted("work begins");

        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(Given.Patience));
        await Here.Noted("work is cancelled");
    }

    [Fact]
    public async Task A_call_cancelled_before_it_is_made_is_not_made()
    {
        await using var given = await Given.ASilo();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => given.Client.GetGrain<ITurnsGrain>(_name).WaitFor("work", new CancellationToken(canceled: true)));
        await given.Client.GetGrain<ITurnsGrain>(_name).Quick("later");
        Assert.Equal(["later"], Here.Notes);
    }

    [Fact]
    public async Task A_stream_brings_all_items_in_order_on_the_grains_scheduler()
    {
        await using var given = await Given.ASilo();
        var items = new List<int>();
        await foreach (var item in given.Client.GetGrain<IStreamGrain>(_name).Count(1000, default))
            items.Add(item);
        Assert.Equal(Enumerable.Range(1, 1000), items);
    }

    [Fact]
    public async Task A_stream_that_waits_lets_calls_through_and_ends_when_cancelled()
    {
        await using var given = await Given.ASilo();
        var grain = given.Client.GetGrain<IStreamGrain>(_name);
        using var source = new CancellationTokenSource();
        await using var items = grain.Endless(source.Token).GetAsyncEnumerator();
        Assert.True(await items.MoveNextAsync());
        var next = items.MoveNextAsync().AsTask();

        Assert.Equal("quick", await grain.Quick().WaitAsync(Given.Patience));
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.WaitAsync(Given.Patience));
        await Here.Noted("ends");
    }

    [Fact]
    public async Task A_reader_that_leaves_ends_the_stream_in_the_grain()
    {
        await using var given = await Given.ASilo();
        await foreach (var _ in given.Client.GetGrain<IStreamGrain>(_name).Endless(default))
            break;
        await Here.Noted("ends");
    }

    [Fact]
    public async Task A_stream_that_nobody_reads_any_more_is_given_up()
    {
        await using var given = await Given.ASilo();
        var grain = given.Client.GetGrain<IStreamGrain>(_name);
        var abandoned = grain.Endless(default).GetAsyncEnumerator();
        Assert.True(await abandoned.MoveNextAsync());

        for (var minute = 0; minute < 5; minute++)
        {
            given.Clock.Advance(TimeSpan.FromMinutes(1));
            await grain.Quick(); // what the clock set off in the grain has had its turn by now
        }

        await Here.Noted("ends");
    }

    [Fact]
    public async Task Items_of_a_stream_are_copies()
    {
        await using var given = await Given.ASilo();
        var lists = new List<List<int>>();
        await foreach (var list in given.Client.GetGrain<IStreamGrain>(_name).Lists())
        {
            list.Add(7);
            lists.Add(list);
        }
        Assert.All(lists, list => Assert.Equal([1, 7], list));
    }

    [Fact]
    public async Task A_stream_that_breaks_gives_its_items_first_and_then_its_exception()
    {
        await using var given = await Given.ASilo();
        var items = new List<int>();
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            await foreach (var item in given.Client.GetGrain<IStreamGrain>(_name).Fails(3))
                items.Add(item);
        });
        Assert.Equal("the stream broke", failure.Message);
        Assert.Equal([0, 1, 2], items);
    }

    [Fact]
    public async Task A_stream_ends_when_its_grain_goes()
    {
        await using var given = await Given.ASilo();
        var grain = given.Client.GetGrain<IStreamGrain>(_name);
        await using var items = grain.Endless(default).GetAsyncEnumerator();
        Assert.True(await items.MoveNextAsync());
        var next = items.MoveNextAsync().AsTask();

        await grain.Go();

        await Assert.ThrowsAnyAsync<Exception>(() => next.WaitAsync(Given.Patience));
        await Here.Noted("ends");
    }
}
