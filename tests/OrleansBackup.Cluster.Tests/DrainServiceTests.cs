using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OrleansBackup.Grains.Admission;
using OrleansBackup.Silo.Stopping;

namespace OrleansBackup.Cluster.Tests;

/// <summary>Before anything stops, the server says that it is not ready, and it does not wait for ever for its work.</summary>
public sealed class DrainServiceTests
{
    [Fact]
    public async Task A_server_is_not_ready_any_more_when_its_work_is_asked_to_end()
    {
        var work = new Work(_ => Task.CompletedTask);
        var service = Service(work, drainSeconds: 60);
        work.Begun = async () => Assert.False(await service.HoldsAsync(CancellationToken.None));
        Assert.True(await service.HoldsAsync(CancellationToken.None));

        await service.StoppingAsync(CancellationToken.None);

        Assert.Equal(1, work.Asked);
        Assert.False(await service.HoldsAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Work_that_does_not_end_in_time_does_not_hold_up_the_stop()
    {
        var work = new Work(limit => Task.Delay(Timeout.InfiniteTimeSpan, limit));

        await Service(work, drainSeconds: 0).StoppingAsync(CancellationToken.None);

        Assert.Equal(1, work.Asked);
    }

    private static DrainService Service(IServiceDrain work, int drainSeconds) =>
        new(work, Options.Create(new StopOptions { DrainSeconds = drainSeconds }), TimeProvider.System, NullLogger<DrainService>.Instance);

    private sealed class Work(Func<CancellationToken, Task> drain) : IServiceDrain
    {
        public int Asked { get; private set; }

        public Func<Task> Begun { get; set; } = () => Task.CompletedTask;

        public async Task DrainAsync(CancellationToken cancellation)
        {
            Asked++;
            await Begun();
            await drain(cancellation);
        }
    }
}
