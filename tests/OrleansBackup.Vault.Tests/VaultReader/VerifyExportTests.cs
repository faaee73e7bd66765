using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using OrleansBackup.Domain.Exports;
using OrleansBackup.Vault.Keys.Destruction;
using OrleansBackup.Vault.Tests.Given;
using OrleansBackup.VaultReader;

namespace OrleansBackup.Vault.Tests.VaultReader;

/// <summary>A customer verifies his export with the command, the public key and nothing else; whatever was done to it afterwards is named.</summary>
public sealed class VerifyExportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DeletionSigner _signer;

    public VerifyExportTests()
    {
        _signer = DeletionSigner.Create(_folder.Of("private.pem"));
        File.WriteAllText(_folder.Of("known.pem"), _signer.PublicKeyPem);
        Directory.CreateDirectory(_folder.Of("export"));
    }

    public void Dispose()
    {
        _signer.Dispose();
        _folder.Dispose();
    }

    public static TheoryData<string, string> Tampering => new()
    {
        { "a changed byte", "mailbox-1.zip is not the file that was exported" },
        { "a file cut off", "mailbox-1.zip is not the file that was exported" },
        { "a byte more", "mailbox-1.zip is not the file that was exported" },
        { "two files swapped", "mailbox-2.zip is not the file that was exported" },
        { "a file gone", "mailbox-2.zip is missing" },
        { "a file more", "more.txt is no part of the export" },
        { "a folder more", "more is no part of the export" },
        { "a line of the manifest changed", "signature of the manifest" },
        { "a line of the manifest gone with its file", "signature of the manifest" },
        { "the manifest gone", "no export, or one that was not finished" },
        { "the signature gone", "no export, or one that was not finished" },
        { "the signature changed", "signature of the manifest" },
        { "signed by somebody else", "signature of the manifest" },
        { "another key beside it", "provider.pem holds another key" },
    };

    [Fact]
    public async Task An_export_as_it_was_made_is_valid_and_every_file_in_it_was_hashed()
    {
        Make();
        var (code, output) = await VerifyAsync();
        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("valid", output, StringComparison.Ordinal);
        Assert.Contains("6", output, StringComparison.Ordinal); // two archives with two files each
    }

    [Theory]
    [MemberData(nameof(Tampering))]
    public async Task Whatever_was_done_to_it_afterwards_is_named(string what, string told)
    {
        Make();
        Tamper(what);
        var (code, output) = await VerifyAsync();
        Assert.Equal(ExitCode.Damage, code);
        Assert.Contains(told, output, StringComparison.Ordinal);
    }

    /// <summary>The signature is right: who made the export is careless or dishonest himself.</summary>
    [Theory]
    [InlineData("changed", "mailbox-1.zip: b.eml is not what was exported")]
    [InlineData("missing", "mailbox-1.zip: b.eml is missing")]
    [InlineData("more", "mailbox-1.zip holds files that its list does not name")]
    [InlineData("unlisted", "mailbox-1.zip has no _manifest.txt")]
    [InlineData("nonsense", "mailbox-1.zip cannot be read as an archive")]
    public async Task An_archive_that_is_not_what_its_own_list_says_is_named_though_it_is_signed(string what, string told)
    {
        Make(what);
        var (code, output) = await VerifyAsync();
        Assert.Equal(ExitCode.Damage, code);
        Assert.Contains(told, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_leads_out_of_the_folder_is_never_followed()
    {
        Make();
        Sign(Manifest() + ExportManifest.Line(new(HashOf("secret"u8), 6, "../secret")));
        File.WriteAllText(_folder.Of("secret"), "secret");
        var (code, output) = await VerifyAsync();
        Assert.Equal(ExitCode.Damage, code);
        Assert.Contains("../secret is missing", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_that_is_none_is_told_though_it_is_signed()
    {
        Make();
        Sign("what I sent you\n");
        Assert.Equal(ExitCode.Damage, (await VerifyAsync()).Code);
        Assert.Equal(ExitCode.NotFound, (await Assert.ThrowsAsync<CommandException>(() => RunAsync("verify-export", _folder.Of("nowhere"), "--public-key", _folder.Of("known.pem")))).Code);
    }

    private string At(string name) => _folder.Of($"export/{name}");

    private string Manifest() => File.ReadAllText(At(ExportManifest.FileName));

    private void Make(string archive = "whole")
    {
        Pack("mailbox-1.zip", archive);
        Pack("mailbox-2.zip", "whole");
        Sign("# Export of a test\n" + string.Concat(new[] { "mailbox-1.zip", "mailbox-2.zip" }.Select(name => (name, bytes: File.ReadAllBytes(At(name)))).Select(file => ExportManifest.Line(new(HashOf(file.bytes), file.bytes.Length, file.name)))));
        File.WriteAllText(At(ExportManifest.PublicKey), _signer.PublicKeyPem);
    }

    private void Sign(string manifest)
    {
        File.WriteAllText(At(ExportManifest.FileName), manifest);
        File.WriteAllBytes(At(ExportManifest.Signature), _signer.Sign(Encoding.UTF8.GetBytes(manifest)));
    }

    private void Pack(string name, string what)
    {
        if (what == "nonsense")
        {
            File.WriteAllText(At(name), "no archive at all");
            return;
        }
        var list = new StringBuilder();
        using var zip = ZipFile.Open(At(name), ZipArchiveMode.Create);
        foreach (var (file, text) in new[] { ("a.eml", $"first of {name}"), ("b.eml", $"second of {name}") })
        {
            list.Append(ExportManifest.Line(new(HashOf(Encoding.UTF8.GetBytes(text)), text.Length, file)));
            if (what != "missing" || file == "a.eml")
                Write(file, what == "changed" && file == "b.eml" ? text.ToUpperInvariant() : text);
        }
        if (what == "more")
            Write("c.eml", "not on the list");
        if (what != "unlisted")
            Write(ExportManifest.InArchive, list.ToString());

        void Write(string file, string text)
        {
            using var entry = zip.CreateEntry(file).Open();
            entry.Write(Encoding.UTF8.GetBytes(text));
        }
    }

    private void Tamper(string what)
    {
        var bytes = File.ReadAllBytes(At("mailbox-1.zip"));
        switch (what)
        {
            case "a changed byte":
                File.WriteAllBytes(At("mailbox-1.zip"), [.. bytes[..40], (byte)(bytes[40] ^ 1), .. bytes[41..]]);
                break;
            case "a file cut off":
                File.WriteAllBytes(At("mailbox-1.zip"), bytes[..^1]);
                break;
            case "a byte more":
                File.WriteAllBytes(At("mailbox-1.zip"), [.. bytes, 0]);
                break;
            case "two files swapped":
                File.WriteAllBytes(At("mailbox-1.zip"), File.ReadAllBytes(At("mailbox-2.zip")));
                File.WriteAllBytes(At("mailbox-2.zip"), bytes);
                break;
            case "a file gone":
                File.Delete(At("mailbox-2.zip"));
                break;
            case "a file more":
                File.WriteAllText(At("more.txt"), "put there");
                break;
            case "a folder more":
                Directory.CreateDirectory(At("more"));
                break;
            case "a line of the manifest changed":
                File.WriteAllText(At(ExportManifest.FileName), Manifest().Replace("mailbox-2", "mailbox-3", StringComparison.Ordinal));
                break;
            case "a line of the manifest gone with its file":
                File.WriteAllText(At(ExportManifest.FileName), string.Concat(Manifest().Split('\n', StringSplitOptions.RemoveEmptyEntries)[..^1].Select(line => line + "\n")));
                File.Delete(At("mailbox-2.zip"));
                break;
            case "the manifest gone":
                File.Delete(At(ExportManifest.FileName));
                break;
            case "the signature gone":
                File.Delete(At(ExportManifest.Signature));
                break;
            case "the signature changed":
                var signature = File.ReadAllBytes(At(ExportManifest.Signature));
                File.WriteAllBytes(At(ExportManifest.Signature), [.. signature[..^1], (byte)(signature[^1] ^ 1)]);
                break;
            case "signed by somebody else":
                using (var other = DeletionSigner.Create(_folder.Of("other-private.pem")))
                    File.WriteAllBytes(At(ExportManifest.Signature), other.Sign(File.ReadAllBytes(At(ExportManifest.FileName))));
                break;
            case "another key beside it":
                using (var other = DeletionSigner.Create(_folder.Of("other-private.pem")))
                    File.WriteAllText(At(ExportManifest.PublicKey), other.PublicKeyPem);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(what), what, null);
        }
    }

    private static string HashOf(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private Task<(ExitCode Code, string Output)> VerifyAsync() => RunAsync("verify-export", _folder.Of("export"), "--public-key", _folder.Of("known.pem"));

    private static async Task<(ExitCode Code, string Output)> RunAsync(params string[] arguments)
    {
        var output = new StringWriter(new StringBuilder());
        return (await Commands.RunAsync(CommandLine.Parse(arguments), StoreAccess.OfThisMachine, output, () => Stream.Null, default), output.ToString());
    }
}
