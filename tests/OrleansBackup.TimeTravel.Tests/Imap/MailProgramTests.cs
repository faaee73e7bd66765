using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using OrleansBackup.TimeTravel.Tests.Given;

namespace OrleansBackup.TimeTravel.Tests.Imap;

/// <summary>Mail programs that people have find in an opened mailbox exactly the messages that were in it.</summary>
[Collection(ServerTests.Name)]
public sealed class MailProgramTests(ServerFixture server) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orleansbackup-mail-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [ProgramFact("mbsync")]
    public async Task Mbsync_copies_the_mailbox_over_tls_and_every_byte_of_each_message_is_what_the_user_had()
    {
        var opened = await server.OpenAsync(server.Mailbox, "imap");
        Directory.CreateDirectory(Path.Combine(_folder, "mail"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "mbsyncrc"), $"""
            IMAPAccount then
            Host localhost
            Port {opened.Address.Port}
            User {opened.UserName}
            Pass {opened.Password}
            SSLType STARTTLS
            CertificateFile {server.Certificate}
            SystemCertificates no

            IMAPStore far
            Account then

            MaildirStore near
            Path {_folder}/mail/
            Inbox {_folder}/mail/INBOX
            SubFolders Verbatim

            Channel all
            Far :far:
            Near :near:
            Patterns *
            Create Near
            Sync Pull
            SyncState *

            """);

        var (status, output, error) = await Programs.Mbsync.RunAsync(_folder, "", ["-c", Path.Combine(_folder, "mbsyncrc"), "-a", "-V"]);

        Assert.True(status == 0, Encoding.UTF8.GetString(output) + error);
        var found = Directory.EnumerateFiles(Path.Combine(_folder, "mail"), "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(Path.GetDirectoryName(file)) is "cur" or "new").ToList();
        // A file of a Maildir has the line ends of this machine: both sides are held together without carriage returns. What has no end of its header mbsync
        // takes for no message, and says so; the other programs below read those as well.
        var readable = Truth().Select(WithoutReturns).Where(message => message.AsSpan().IndexOf("\n\n"u8) >= 0);
        Assert.Equal(readable.Select(HashOf).Order(StringComparer.Ordinal),
            found.Select(file => HashOf(WithoutReturns(WithoutLabel(File.ReadAllBytes(file))))).Order(StringComparer.Ordinal));
    }

    [ProgramFact("curl")]
    public async Task Curl_fetches_a_message_byte_for_byte()
    {
        var opened = await server.OpenAsync(server.Mailbox, "imap");
        var truth = Truth().Select(HashOf).ToHashSet();

        for (var uid = 1; uid <= 5; uid++)
        {
            var (status, output, error) = await CurlAsync(opened, $"INBOX;UID={uid}");
            Assert.True(status == 0, error);
            Assert.Contains(HashOf(output), truth);
        }
    }

    [ProgramFact("curl")]
    public async Task Curl_lists_folders_searches_and_is_refused_what_writes()
    {
        var opened = await server.OpenAsync(server.Mailbox, "imap");

        Assert.Contains("\"INBOX\"", Encoding.UTF8.GetString((await CurlAsync(opened, "")).Output), StringComparison.Ordinal);
        Assert.StartsWith("* SEARCH 1", Encoding.UTF8.GetString((await CurlAsync(opened, "INBOX?ALL")).Output), StringComparison.Ordinal);
        foreach (var command in new[] { "STORE 1 +FLAGS (\\Deleted)", "EXPUNGE", "CREATE mine", "DELETE INBOX", "COPY 1 INBOX" })
            Assert.NotEqual(0, (await CurlAsync(opened, "INBOX", "-X", command)).Status);
    }

    [ProgramFact("python3")]
    public async Task Imaplib_reads_every_message_of_every_folder_and_its_structure()
    {
        var opened = await server.OpenAsync(server.Mailbox, "imap");
        await File.WriteAllTextAsync(Path.Combine(_folder, "read.py"), """
            import hashlib, imaplib, re, ssl, sys
            host, port, user, password, certificate = sys.argv[1:]
            mail = imaplib.IMAP4(host, int(port))
            mail.starttls(ssl.create_default_context(cafile=certificate))
            mail.login(user, password)
            for line in mail.list()[1]:
                folder = re.match(rb'\(.*?\) "/" (.*)', line).group(1).decode()
                status, _ = mail.select(folder, readonly=True)
                assert status == 'OK', folder
                uids = mail.uid('SEARCH', None, 'ALL')[1][0].split()
                for uid in uids:
                    whole = mail.uid('FETCH', uid, '(RFC822.SIZE BODY.PEEK[])')[1][0]
                    size = int(re.search(rb'RFC822.SIZE (\d+)', whole[0]).group(1))
                    assert size == len(whole[1]), folder
                    head = mail.uid('FETCH', uid, '(BODY.PEEK[HEADER])')[1][0][1]
                    text = mail.uid('FETCH', uid, '(BODY.PEEK[TEXT])')[1][0]
                    text = text[1] if isinstance(text, tuple) else b''
                    assert head + text == whole[1], folder
                    part = mail.uid('FETCH', uid, '(BODY.PEEK[]<10.100>)')[1][0][1]
                    assert part == whole[1][10:110], folder
                    status, _ = mail.uid('FETCH', uid, '(FLAGS INTERNALDATE ENVELOPE BODYSTRUCTURE)')
                    assert status == 'OK'
                    print(hashlib.sha256(whole[1]).hexdigest())
                mail.close()
            mail.logout()
            """);

        var (status, output, error) = await Programs.Python.RunAsync(
            _folder, "", [Path.Combine(_folder, "read.py"), "localhost", opened.Address.Port.ToString(CultureInfo.InvariantCulture), opened.UserName, opened.Password, server.Certificate]);

        Assert.True(status == 0, error);
        Assert.Equal(Truth().Select(HashOf).Order(StringComparer.Ordinal),
            Encoding.ASCII.GetString(output).Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
    }

    private Task<(int Status, byte[] Output, string Error)> CurlAsync(Opened opened, string what, params string[] more) => Programs.Curl.RunAsync(_folder, "",
        ["-s", "-S", "--ssl-reqd", "--cacert", server.Certificate, "-u", $"{opened.UserName}:{opened.Password}", .. more, $"imap://localhost:{opened.Address.Port}/{what}"]);

    private IEnumerable<byte[]> Truth()
    {
        string? cursor = null;
        do
        {
            var state = server.Admin.State(server.Tenant.ToString(), server.User, null, cursor);
            foreach (var message in state.Messages)
                yield return server.Admin.Mime(server.Tenant.ToString(), server.User, message.Id).ToArray();
            cursor = state.Cursor;
        }
        while (cursor is not null);
    }

    private static byte[] WithoutReturns(byte[] message) => Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(message).Replace("\r", "", StringComparison.Ordinal));

    /// <summary>Mbsync writes a line of its own into the header, to find the message again.</summary>
    private static byte[] WithoutLabel(byte[] message) =>
        Encoding.Latin1.GetBytes(System.Text.RegularExpressions.Regex.Replace(Encoding.Latin1.GetString(message), "^X-TUID: .*\r?\n", "", System.Text.RegularExpressions.RegexOptions.Multiline));

    private static string HashOf(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
