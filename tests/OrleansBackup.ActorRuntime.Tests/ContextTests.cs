using Orleans;
using Orleans.Hosting;
using Orleans.Runtime;
using OrleansBackup.ActorRuntime.Tests.Fixtures;
using OrleansBackup.ActorRuntime.Tests.Grains;

namespace OrleansBackup.ActorRuntime.Tests;

/// <summary>What travels beside the arguments, and who may look at calls.</summary>
public sealed class ContextTests
{
    [Fact]
    public async Task The_request_context_travels_with_calls_and_never_back()
    {
        await using var given = await Given.ASilo();
        RequestContext.Set("who", "me");
        var grain = given.Client.GetGrain<IContextGrain>("a");
        Assert.Equal("me", await grain.Read("who"));
        Assert.Equal("me", await grain.ReadFurther("who"));

        await grain.Change("who", "you");

        Assert.Equal("me", RequestContext.Get("who"));
        RequestContext.Clear();
        Assert.Null(await grain.Read("who"));
    }

    [Fact]
    public async Task Other_async_locals_do_not_travel_since_in_a_cluster_they_could_not()
    {
        await using var given = await Given.ASilo();
        ContextGrain.Stray.Value = "stray";
        Assert.False(await given.Client.GetGrain<IContextGrain>("a").SeesAsyncLocal());
    }

    [Fact]
    public async Task What_one_call_leaves_behind_is_not_seen_by_the_next()
    {
        await using var given = await Given.ASilo();
        var grain = given.Client.GetGrain<IContextGrain>("a");
        for (var i = 0; i < 50; i++)
        {
            // Both wait in one queue, so that they run one right after the other.
            var calls = Enumerable.Range(0, 20).Select(_ => (Left: grain.LeaveAsyncLocal(), Seen: grain.SeesAsyncLocal())).ToArray();
            await Task.WhenAll(calls.Select(call => call.Left));
            Assert.DoesNotContain(true, await Task.WhenAll(calls.Select(call => call.Seen)));
        }
    }

    [Fact]
    public async Task Filters_see_calls_on_both_sides_and_may_change_what_comes_back()
    {
        var seen = new System.Collections.Concurrent.ConcurrentQueue<string>();
        await using var given = await Given.ASilo(silo =>
        {
            silo.AddOutgoingGrainCallFilter(async context =>
            {
                if (context.MethodName == nameof(IContextGrain.Read))
                    seen.Enqueue("out");
                await context.Invoke();
            });
            silo.AddIncomingGrainCallFilter(async context =>
            {
                if (context.InterfaceMethod.DeclaringType != typeof(IContextGrain))
                {
                    await context.Invoke();
                    return;
                }
                seen.Enqueue($"in {context.MethodName} {context.Request.GetArgument(0)} {context.Grain.GetType().Name} {context.ImplementationMethod.DeclaringType!.Name}");
                await context.Invoke();
                context.Result = $"<{context.Result}>";
            });
        });

        Assert.Equal("<>", await given.Client.GetGrain<IContextGrain>("a").Read("key"));

        Assert.Contains("in Read key ContextGrain ContextGrain", seen);
    }

    [Fact]
    public async Task A_filter_can_turn_a_call_away()
    {
        await using var given = await Given.ASilo(silo => silo.AddIncomingGrainCallFilter(context =>
            context.MethodName == nameof(IContextGrain.Change) ? throw new UnauthorizedAccessException("not you") : context.Invoke()));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => given.Client.GetGrain<IContextGrain>("a").Change("a", "b"));
    }

    [Fact]
    public async Task Management_counts_activations_by_class()
    {
        await using var given = await Given.ASilo();
        await given.Client.GetGrain<IContextGrain>("a").Read("");
        await given.Client.GetGrain<IContextGrain>("b").Read("");
        var statistics = await given.Client.GetGrain<IManagementGrain>(0).GetSimpleGrainStatistics();
        Assert.Equal(2, statistics.Single(one => one.GrainType.Contains(nameof(ContextGrain), StringComparison.Ordinal)).ActivationCount);
    }
}
