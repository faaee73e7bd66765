using System.Security.Cryptography;
using Orleans;
using OrleansBackup.Domain.Identity;

namespace OrleansBackup.Domain.Openings;

/// <summary>Names an opened restore point: in its address, and as the user name of whoever opens it. Says of which tenant it is, so that nothing has to be looked up.</summary>
/// <remarks>
/// Form: 42 characters of a-z and 2-7 (RFC 4648, base 32), the 16 bytes of the tenant's id and 10 random ones. It is no secret; the password that belongs to it is.
/// Stored: the form never changes.
/// </remarks>
[GenerateSerializer, Immutable, Alias("opening-id")]
public readonly record struct OpeningId([property: Id(0)] TenantId Tenant, [property: Id(1)] string Text)
{
    private const int TenantBytes = 16, RandomBytes = 10;

    public static OpeningId New(TenantId tenant)
    {
        var bytes = new byte[TenantBytes + RandomBytes];
        tenant.Value.TryWriteBytes(bytes, bigEndian: true, out _);
        RandomNumberGenerator.Fill(bytes.AsSpan(TenantBytes));
        return new(tenant, Base32.Write(bytes));
    }

    public static bool TryParse(string? text, out OpeningId id)
    {
        id = default;
        if (Base32.TryRead(text ?? "") is not { Length: TenantBytes + RandomBytes } bytes || Base32.Write(bytes) != text)
            return false;
        id = new(new TenantId(new Guid(bytes.AsSpan(0, TenantBytes), bigEndian: true)), text);
        return true;
    }

    public override string ToString() => Text;
}
