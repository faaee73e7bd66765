using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OrleansBackup.ClientApi.Audit;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Audit;

namespace OrleansBackup.ClientApi.Operations;

/// <summary>Puts the clock of a demonstration or test server forward. A server with the machine's clock answers 404.</summary>
internal static class ClockEndpoints
{
    public static void MapClock(this IEndpointRouteBuilder app)
    {
        var clock = app.MapGroup("/operations/clock").WithTags("Operations");
        clock.MapGet("", Get).Needs(Permission.OperateService).WithSummary("Tells the time of the server, if its clock is adjustable.");
        clock.MapPost("", Put).Needs(Permission.ManageProvider).Audited(AuditActs.SetClock, withBody: true).WithSummary("Puts the clock forward by a span or to a time, if it is adjustable.");
    }

    private static Ok<ClockBody> Get(IServiceProvider services) => TypedResults.Ok(new ClockBody(Clock(services).GetUtcNow()));

    private static Ok<ClockBody> Put(ClockShiftBody body, IServiceProvider services)
    {
        var clock = Clock(services);
        var (field, shift) = (body.Advance, body.Set) switch
        {
            ({ } by, null) => ("advance", by),
            (null, { } to) => ("set", to - clock.GetUtcNow()),
            _ => throw new ProblemException(Problem.InvalidField("advance", "Give either 'advance', a span of time, or 'set', a time.")),
        };
        try
        {
            clock.Advance(shift);
        }
        catch (ArgumentOutOfRangeException)
        {
            throw new ProblemException(Problem.InvalidField(field, $"The clock only goes forward and stays within the calendar; it shows {clock.GetUtcNow():O}."));
        }
        return TypedResults.Ok(new ClockBody(clock.GetUtcNow()));
    }

    private static IAdjustableClock Clock(IServiceProvider services) =>
        services.GetService<IAdjustableClock>() ?? throw new ProblemException(Problem.ClockNotAdjustable());
}

/// <summary>The server's time.</summary>
public sealed record ClockBody(DateTimeOffset Now);

/// <summary>How to put the clock forward: exactly one of the two.</summary>
public sealed record ClockShiftBody(TimeSpan? Advance, DateTimeOffset? Set);
