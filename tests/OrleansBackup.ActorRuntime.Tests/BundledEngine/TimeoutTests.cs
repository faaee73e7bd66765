using OrleansBackup.ActorRuntime.Tests.Fixtures;
using OrleansBackup.ActorRuntime.Tests.Grains;

namespace OrleansBackup.ActorRuntime.Tests.BundledEngine;

/// <summary>Calls that are not answered time out.</summary>
/// <remarks>
/// Orleans times calls out as well, but measures their age by the machine's own counter, whatever the silo's clock says, so a
/// test could see it only by waiting. None of these waits with a limit: its own time-out would look like the one that is expected.
/// </remarks>
public sealed class TimeoutTests
{
    private readonly string _name = Guid.NewGuid().ToString("N");

    private Rendezvous Here => Rendezvous.At(_name);

    [Fact]
    public async Task A_call_that_is_not_answered_times_out_after_the_default()
    {
        await using var given = await Given.ASilo();
        var call = given.Client.GetGrain<ITurnsGrain>(_name).Wait("slow");
        await Here.Noted("slow begins");
        given.Clock.Advance(TimeSpan.FromSeconds(29));
        Assert.False(call.IsCompleted);

        given.Clock.Advance(TimeSpan.FromSeconds(2));

        await Assert.ThrowsAsync<TimeoutException>(() => call);
        Here.Open();
    }

    [Fact]
    public async Task A_methods_own_time_out_counts()
    {
        await using var given = await Given.ASilo();
        var call = given.Client.GetGrain<ITurnsGrain>(_name).WaitShortly("slow");
        await Here.Noted("slow begins");

        given.Clock.Advance(TimeSpan.FromSeconds(6));

        await Assert.ThrowsAsync<TimeoutException>(() => call);
        Here.Open();
    }

    [Fact]
    public async Task A_chain_that_returns_to_a_busy_grain_times_out_and_names_the_chain()
    {
        await using var given = await Given.ASilo();
        var (first, second) = (_name, _name + "-2");
        var call = given.Client.GetGrain<IChainGrain>(first).Follow([second, first]);
        await Rendezvous.At(second).Noted("has called");

        given.Clock.Advance(TimeSpan.FromSeconds(31));

        var timeout = await Assert.ThrowsAsync<TimeoutException>(() => call);
        Assert.Contains(first, timeout.Message, StringComparison.Ordinal);
        Assert.Contains(second, timeout.Message, StringComparison.Ordinal);
    }
}
