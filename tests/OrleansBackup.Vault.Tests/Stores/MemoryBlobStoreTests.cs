using OrleansBackup.Vault.Stores;
using OrleansBackup.Vault.Tests.Given;

namespace OrleansBackup.Vault.Tests.Stores;

public sealed class MemoryBlobStoreTests : BlobStoreContract
{
    protected override IBlobStore Store { get; } = new MemoryBlobStore();

    protected override bool Streams => false;
}
