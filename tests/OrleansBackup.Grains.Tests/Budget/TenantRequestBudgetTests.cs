using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Runtime;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces.Budget;
using OrleansBackup.Grains.Budget;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.Microsoft365;

namespace OrleansBackup.Grains.Tests.Budget;

public sealed class TenantRequestBudgetTests
{
    private static readonly RequestCharge OneRequest = new(RequestService.Exchange, 1);

    [Fact]
    public async Task A_wait_of_less_than_a_millisecond_is_waited_for_and_not_asked_away()
    {
        var clock = new ManualClock(new DateTimeOffset(2026, 3, 2, 0, 0, 0, TimeSpan.Zero));
        var grain = new Bucket(clock, new TokenBucket(fullRate: 3_000, clock.GetUtcNow()));
        using var budget = new TenantRequestBudget(new TenantId(Guid.NewGuid()), grain, block: 1, clock, NullLogger<TenantRequestBudget>.Instance);
        for (var i = 0; i < 3_000; i++)
            await budget.WaitAsync(OneRequest, CancellationToken.None); // all that lay ready
        var asked = grain.Asked;
        var waiting = budget.WaitAsync(OneRequest, CancellationToken.None);
        Assert.False(waiting.IsCompleted);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        await waiting;
        Assert.Equal(asked + 2, grain.Asked);
    }

    [Fact]
    public async Task A_request_waits_until_the_budget_of_a_process_that_died_lives_again()
    {
        var clock = new ManualClock(new DateTimeOffset(2026, 3, 2, 0, 0, 0, TimeSpan.Zero));
        var grain = new Bucket(clock, new TokenBucket(fullRate: 10, clock.GetUtcNow())) { Dead = true };
        using var budget = new TenantRequestBudget(new TenantId(Guid.NewGuid()), grain, block: 1, clock, NullLogger<TenantRequestBudget>.Instance);
        var waiting = budget.WaitAsync(OneRequest, CancellationToken.None).AsTask();
        Assert.Equal((1, false), (grain.Asked, waiting.IsCompleted));
        grain.Dead = false;
        clock.Advance(TimeSpan.FromSeconds(1));
        await waiting;
        Assert.Equal(2, grain.Asked);
    }

    private sealed class Bucket(TimeProvider time, TokenBucket bucket) : IGraphBudgetGrain
    {
        public int Asked { get; private set; }

        public bool Dead { get; set; }

        public Task<BudgetGrant> Take(int wanted, CancellationToken cancellation) => throw new NotSupportedException();

        public Task ReportThrottleOf(GraphService service, TimeSpan pause, CancellationToken cancellation) => Task.CompletedTask;

        public Task SetLicences(int licences, CancellationToken cancellation) => Task.CompletedTask;

        public Task<BudgetGrant> TakeFor(GraphService service, WorkPriority priority, int wanted, CancellationToken cancellation)
        {
            if (++Asked > 10_000)
                throw new InvalidOperationException("It asks again and again instead of waiting.");
            if (Dead)
                throw new SiloUnavailableException("The process of this grain has died.");
            var (permits, wait) = bucket.Take(wanted, time.GetUtcNow());
            return Task.FromResult(new BudgetGrant(permits, wait));
        }

        public Task ReportThrottle(TimeSpan pause, CancellationToken cancellation) => Task.CompletedTask;

        public Task<BudgetUsage> GetUsage(CancellationToken cancellation) => throw new NotSupportedException();
    }
}
