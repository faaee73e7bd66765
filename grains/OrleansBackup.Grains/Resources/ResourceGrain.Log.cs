using Microsoft.Extensions.Logging;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Runs;

namespace OrleansBackup.Grains.Resources;

internal abstract partial class ResourceGrain
{
    [LoggerMessage(2101, LogLevel.Information, "Run {Run} of {Resource} sealed restore point {Sequence}: {Outcome}")]
    private static partial void LogRunSealed(ILogger log, ResourceId resource, RunId run, long sequence, RunOutcome outcome);

    [LoggerMessage(2102, LogLevel.Error, "Run {Run} of {Resource} failed; it will be tried again by itself")]
    private static partial void LogRunFailed(ILogger log, ResourceId resource, RunId run, Exception exception);

    [LoggerMessage(2103, LogLevel.Warning, "Another activation owns {Resource} now; this one goes")]
    private static partial void LogOtherOwner(ILogger log, ResourceId resource, Exception exception);

    [LoggerMessage(2104, LogLevel.Error, "The end of a run of {Resource} could not be kept; the run will be looked at again")]
    private static partial void LogEndNotKept(ILogger log, ResourceId resource, Exception exception);

    [LoggerMessage(2105, LogLevel.Warning, "{Resource} could not report to its tenant")]
    private static partial void LogNotReported(ILogger log, ResourceId resource, Exception exception);

    [LoggerMessage(2106, LogLevel.Warning, "Points of {Resource} could not expire; tried again after the next run")]
    private static partial void LogExpiryFailed(ILogger log, ResourceId resource, Exception exception);

    [LoggerMessage(2108, LogLevel.Warning, "The points of {Resource} no longer expire until somebody has looked: {Reasons}")]
    private static partial void LogBrakeOn(ILogger log, ResourceId resource, string reasons);

    [LoggerMessage(2109, LogLevel.Information, "{Decision} of {Resource} by {Who}")]
    private static partial void LogDecision(ILogger log, string decision, ResourceId resource, string who);

    [LoggerMessage(2110, LogLevel.Information, "The last points of {Resource}, which is no longer protected, expired; {Objects} objects with {Bytes} bytes were deleted")]
    private static partial void LogDeleted(ILogger log, ResourceId resource, int objects, long bytes);

    [LoggerMessage(2107, LogLevel.Information, "{Count} points of {Resource} expired, {ReclaimedBytes} bytes came back")]
    private static partial void LogExpired(ILogger log, ResourceId resource, int count, long reclaimedBytes);

    [LoggerMessage(2111, LogLevel.Warning, "What {Resource} needs to be recovered without the database could not be written; tried again after the next run")]
    private static partial void LogCardNotWritten(ILogger log, ResourceId resource, Exception exception);

    [LoggerMessage(2112, LogLevel.Warning, "Run {Run} of {Resource} lost a commit to another writer; it goes on after what that one wrote")]
    private static partial void LogCommitLost(ILogger log, ResourceId resource, RunId run, Exception exception);

    [LoggerMessage(2114, LogLevel.Warning, "Run {Run} of {Resource} was broken off because a part of the service is away; it goes on within a minute")]
    private static partial void LogBrokenOff(ILogger log, ResourceId resource, RunId run, Exception exception);

    [LoggerMessage(2113, LogLevel.Error, "Run {Run} of {Resource} did not stop within {Seconds} s although it was told to; it is left to itself and its place is free")]
    private static partial void LogAbandoned(ILogger log, ResourceId resource, RunId run, int seconds);

    [LoggerMessage(2130, LogLevel.Warning, "Stored bytes of {Resource} could not be read again; the next day goes on where this one stopped")]
    private static partial void LogScrubFailed(ILogger log, ResourceId resource, Exception exception);

    [LoggerMessage(2131, LogLevel.Error, "Object {Name} of {Resource} is damaged: {What}; {Items} item versions depend on it")]
    private static partial void LogDamageFound(ILogger log, ResourceId resource, string name, string what, int items);

    [LoggerMessage(2132, LogLevel.Warning, "Of the damaged objects of {Resource} a run has healed {Healed}, {Left} are left")]
    private static partial void LogHealed(ILogger log, ResourceId resource, int healed, int left);
}
