using OrleansBackup.Vault.Format;
using OrleansBackup.Vault.Keys;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Vault.Tests.Format;

/// <summary>A frame opens in its place, in its object, under its name and the tenant's key, and nowhere else.</summary>
public sealed class ObjectCipherTests
{
    private static readonly BlobName Name = new("contoso/resources/mailbox/packs/one");
    private static readonly TenantKeys Keys = new("contoso", new byte[32]);
    private readonly ObjectCipher _cipher = ObjectCipher.ForNew(Name, ObjectKind.Pack, Keys);

    [Fact]
    public void A_frame_opens_in_its_own_place()
    {
        var stored = ObjectCipher.ForStored(Name, ObjectKind.Pack, _cipher.Header, Keys);
        Assert.Equal("content"u8.ToArray(), stored.Decrypt(3, _cipher.Encrypt(3, "content"u8)));
    }

    [Fact]
    public void A_frame_does_not_open_under_another_objects_name() => AssertRefused(new("contoso/resources/mailbox/packs/two"), Keys, frame: 3);

    [Fact]
    public void A_frame_does_not_open_in_another_place_of_its_object() => AssertRefused(Name, Keys, frame: 4);

    [Fact]
    public void A_frame_does_not_open_with_another_tenants_key() => AssertRefused(Name, new("contoso", [.. new byte[31], 1]), frame: 3);

    [Fact]
    public void Any_change_of_the_header_is_refused()
    {
        for (var at = 0; at < ObjectCipher.HeaderBytes; at++)
        {
            var header = _cipher.Header.ToArray();
            header[at] ^= 1;
            var frame = _cipher.Encrypt(0, "content"u8);
            Assert.Throws<DamagedObjectException>(() => ObjectCipher.ForStored(Name, ObjectKind.Pack, header, Keys).Decrypt(0, frame));
        }
    }

    [Fact]
    public void Two_objects_of_one_name_share_no_key() =>
        Assert.NotEqual(_cipher.Encrypt(0, new byte[64]), ObjectCipher.ForNew(Name, ObjectKind.Pack, Keys).Encrypt(0, new byte[64]));

    private void AssertRefused(BlobName name, TenantKeys keys, uint frame) =>
        Assert.Throws<DamagedObjectException>(() => ObjectCipher.ForStored(name, ObjectKind.Pack, _cipher.Header, keys).Decrypt(frame, _cipher.Encrypt(3, "content"u8)));
}
