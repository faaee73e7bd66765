using Orleans;

namespace OrleansBackup.Domain.Metering;

/// <summary>One account of the customer's environment as a day saw it, with everything that the rules of counting ask for.</summary>
/// <param name="Id">Its object id in Microsoft 365: the only name that never changes.</param>
/// <param name="Enabled">May sign in.</param>
/// <param name="Licensed">A licence with a service in force is assigned to it.</param>
/// <param name="Purpose">What its mailbox is for: <c>user</c>, <c>shared</c>, <c>room</c>, <c>equipment</c>… Empty: not known, which counts as a user's.</param>
[GenerateSerializer, Immutable, Alias("metered-account")]
public sealed record MeteredAccount(
    [property: Id(0)] string Id,
    [property: Id(1)] string Name,
    [property: Id(2)] string Address,
    [property: Id(3)] bool Enabled,
    [property: Id(4)] bool Guest,
    [property: Id(5)] bool Licensed,
    [property: Id(6)] string Purpose)
{
    /// <summary>An account behind which there is no person: a shared mailbox, a room, a piece of equipment.</summary>
    public bool IsResource => Purpose is "shared" or "room" or "equipment";
}
