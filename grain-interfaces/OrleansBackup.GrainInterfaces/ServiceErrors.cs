using Orleans;

namespace OrleansBackup.GrainInterfaces;

/// <summary>Anything that the service refuses. The type says what happened; the message, what to do.</summary>
/// <remarks>These cross the boundary between grains and callers, so they carry text only.</remarks>
[GenerateSerializer, Alias("service-error")]
public abstract class ServiceException(string message) : Exception(message);

/// <summary>There is no such tenant, resource, restore point, item or job.</summary>
[GenerateSerializer, Alias("not-found")]
public sealed class NotFoundException(string message) : ServiceException(message);

/// <summary>The request makes no sense as it stands. <see cref="Field"/> names the part that is wrong.</summary>
[GenerateSerializer, Alias("invalid-request")]
public sealed class InvalidRequestException(string field, string message) : ServiceException(message)
{
    [Id(0)]
    public string Field { get; } = field;
}

/// <summary>The request is fine but cannot be done in the present state.</summary>
[GenerateSerializer, Alias("not-possible-now")]
public sealed class NotPossibleNowException(string message) : ServiceException(message);

/// <summary>Microsoft 365 or the customer's sign-in refused: a credential, consent or permission has to be put right first.</summary>
[GenerateSerializer, Alias("tenant-access-refused")]
public sealed class TenantAccessRefusedException(string message) : ServiceException(message);

/// <summary>The vault cannot serve: a key is missing or wrong, the store is full or damaged.</summary>
[GenerateSerializer, Alias("vault-unavailable")]
public sealed class VaultUnavailableException(string message) : ServiceException(message);
