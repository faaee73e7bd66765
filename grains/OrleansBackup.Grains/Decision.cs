using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.Grains;

/// <summary>Takes a decision of a person, which is kept: who and why belong to it.</summary>
internal static class Decision
{
    /// <exception cref="InvalidRequestException">Who or why is missing.</exception>
    public static PersonsDecision Of(string who, string why, DateTimeOffset now) =>
        string.IsNullOrWhiteSpace(who) ? throw new InvalidRequestException("who", "Say who decides this.")
        : string.IsNullOrWhiteSpace(why) ? throw new InvalidRequestException("why", "Say why; it is kept.") : new PersonsDecision(who, why, now);
}
