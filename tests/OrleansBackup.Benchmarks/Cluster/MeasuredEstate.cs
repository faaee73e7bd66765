using System.Buffers.Binary;
using OrleansBackup.Domain.Identity;

namespace OrleansBackup.Benchmarks.Cluster;

/// <summary>The tenants and mailboxes of a measurement, named by number so that every process of it knows the same ones.</summary>
internal sealed record MeasuredEstate(int Tenants, int MailboxesOfTenant)
{
    public int Mailboxes => Tenants * MailboxesOfTenant;

    public IEnumerable<TenantId> AllTenants => Enumerable.Range(0, Tenants).Select(Tenant);

    public IEnumerable<ResourceId> All => Enumerable.Range(0, Mailboxes).Select(Mailbox);

    /// <summary>Numbers that follow each other are of different tenants.</summary>
    public ResourceId Mailbox(int number) =>
        Tenant(number % Tenants) is var tenant ? new(tenant, ResourceKind.Mailbox, User(tenant.Value, number / Tenants).ToString()) : default;

    /// <summary>The object id of a tenant's user.</summary>
    public static Guid User(Guid tenant, int number)
    {
        Span<byte> bytes = stackalloc byte[16];
        tenant.TryWriteBytes(bytes);
        BinaryPrimitives.WriteInt32BigEndian(bytes[12..], number + 1);
        return new Guid(bytes);
    }

    private static TenantId Tenant(int number) => new(new Guid(0x0B000001 + number, 0, 0x4000, 0x80, 0, 0, 0, 0, 0, 0, 0));
}
