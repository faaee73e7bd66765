namespace OrleansBackup.Domain.Contracts;

/// <summary>What a contract does not allow. The message says why and what to do instead.</summary>
/// <param name="field">The part of the request that is wrong; null: it is fine, but not possible as the contract stands.</param>
public sealed class ContractRefusedException(string? field, string message) : Exception(message)
{
    public string? Field { get; } = field;
}
