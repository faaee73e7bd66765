using OrleansBackup.ActorRuntime.Tests.Fixtures;
using OrleansBackup.ActorRuntime.Tests.Grains;

namespace OrleansBackup.ActorRuntime.Tests;

/// <summary>One activation per key, one turn at a time, unless marked.</summary>
public sealed class TurnTests
{
    private static string Name() => Guid.NewGuid().ToString("N");

    [Fact]
    public async Task One_key_has_one_activation()
    {
        await using var given = await Given.ASilo();
        var activations = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => given.Client.GetGrain<ICounterGrain>("a").Activation()));
        Assert.Single(activations.Distinct());
        Assert.NotEqual(activations[0], await given.Client.GetGrain<ICounterGrain>("b").Activation());
    }

    [Fact]
    public async Task Calls_run_one_after_the_other_even_across_awaits()
    {
        await using var given = await Given.ASilo();
        var grain = given.Client.GetGrain<ITurnsGrain>(Name());
        var results = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => grain.AddSlowly()));
        Assert.Equal(Enumerable.Range(1, 100), results.Order());
    }

    [Fact]
    public async Task A_waiting_call_keeps_others_out_until_it_ends()
    {
        await using var given = await Given.ASilo();
        var (name, grain) = Grain(given);
        var waiting = grain.Wait("first");
        await Rendezvous.At(name).Noted("first begins");
        var second = grain.Quick("second");
        await grain.QuickInterleaved("between"); // came later, so the second would have run if it could

        Rendezvous.At(name).Open();
        await Task.WhenAll(waiting, second);

        Assert.Equal(["first begins", "between", "first ends", "second"], Rendezvous.At(name).Notes);
    }

    [Fact]
    public async Task An_always_interleaved_call_runs_in_the_pause_of_another()
    {
        await using var given = await Given.ASilo();
        var (name, grain) = Grain(given);
        var waiting = grain.Wait("first");
        await Rendezvous.At(name).Noted("first begins");

        await grain.QuickInterleaved("between").WaitAsync(Given.Patience);

        Assert.False(waiting.IsCompleted);
        Rendezvous.At(name).Open();
        await waiting;
    }

    [Fact]
    public async Task Read_only_calls_share_the_grain_and_a_writing_call_waits_for_them()
    {
        await using var given = await Given.ASilo();
        var (name, grain) = Grain(given);
        var one = grain.WaitReading("one");
        var two = grain.WaitReading("two");
        await Rendezvous.At(name).Noted("one begins");
        await Rendezvous.At(name).Noted("two begins");
        var writing = grain.Quick("writing");

        Rendezvous.At(name).Open();
        await Task.WhenAll(one, two, writing);

        Assert.Equal("writing", Rendezvous.At(name).Notes[^1]);
    }

    [Fact]
    public async Task A_reentrant_grain_takes_calls_in_the_pauses_of_others()
    {
        await using var given = await Given.ASilo();
        var name = Name();
        var grain = given.Client.GetGrain<IReentrantTurnsGrain>(name);
        var waiting = grain.Wait("first");
        await Rendezvous.At(name).Noted("first begins");

        Assert.Equal("between", await grain.Quick("between").WaitAsync(Given.Patience));

        Rendezvous.At(name).Open();
        await waiting;
    }

    [Fact]
    public async Task Awaits_come_back_to_the_grain()
    {
        await using var given = await Given.ASilo();
        Assert.True(await Grain(given).Grain.ComesBack());
    }

    [Fact]
    public async Task A_stateless_worker_has_as_many_activations_as_its_bound_and_no_more()
    {
        await using var given = await Given.ASilo();
        var name = Name();
        var worker = given.Client.GetGrain<IWorkerGrain>(name);
        var work = Enumerable.Range(0, 6).Select(_ => worker.Work()).ToArray();
        await Rendezvous.At(name).Noted("begins", 2); // whichever two: workers promise no order

        Rendezvous.At(name).Open();
        var workers = await Task.WhenAll(work).WaitAsync(Given.Patience);

        Assert.Equal(2, workers.Distinct().Count());
    }

    [Fact]
    public async Task A_chain_through_free_grains_returns()
    {
        await using var given = await Given.ASilo();
        var (a, b, c) = (Name(), Name(), Name());
        Assert.Equal($"{a}>{b}>{c}", await given.Client.GetGrain<IChainGrain>(a).Follow([b, c]));
    }

    private static (string Name, ITurnsGrain Grain) Grain(Given given)
    {
        var name = Name();
        return (name, given.Client.GetGrain<ITurnsGrain>(name));
    }
}
