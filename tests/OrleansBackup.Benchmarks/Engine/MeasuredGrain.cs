using Orleans;
using Orleans.Runtime;

namespace OrleansBackup.Benchmarks.Engine;

/// <summary>Does as little as a grain can, so that what is measured is the engine.</summary>
public interface IMeasuredGrain : IGrainWithStringKey
{
    Task<int> Add(int amount);

    /// <summary>Calls another grain so many times, one after the other.</summary>
    Task CallAsync(string other, int times);

    /// <summary>Asks to be deactivated. <see cref="Departures"/> hears when it was.</summary>
    Task GoAway();

    Task Remind(string name, TimeSpan due, TimeSpan period);
}

public sealed class MeasuredGrain : Grain, IMeasuredGrain, IRemindable
{
    private int _sum;

    public Task<int> Add(int amount) => Task.FromResult(_sum += amount);

    public async Task CallAsync(string other, int times)
    {
        var grain = GrainFactory.GetGrain<IMeasuredGrain>(other);
        for (var i = 0; i < times; i++)
            await grain.Add(1);
    }

    public Task GoAway()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task Remind(string name, TimeSpan due, TimeSpan period) => this.RegisterOrUpdateReminder(name, due, period);

    public Task ReceiveReminder(string reminderName, TickStatus status) => Task.CompletedTask;

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Departures.One();
        return Task.CompletedTask;
    }
}
