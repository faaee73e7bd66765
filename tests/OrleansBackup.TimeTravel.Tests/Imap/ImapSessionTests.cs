using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OrleansBackup.TimeTravel.Imap;
using OrleansBackup.TimeTravel.Tests.Given;

namespace OrleansBackup.TimeTravel.Tests.Imap;

/// <summary>What the protocol promises and refuses, said command by command.</summary>
[Collection(ServerTests.Name)]
public sealed class ImapSessionTests(ServerFixture server)
{
    private int Port => server.Services.GetRequiredService<ImapServer>().Port!.Value;

    [Fact]
    public async Task Nothing_is_told_before_the_sign_in()
    {
        using var connection = await ImapConnection.ToAsync(Port);
        Assert.Contains("IMAP4rev1", connection.Greeting, StringComparison.Ordinal);
        foreach (var command in new[] { "LIST \"\" *", "SELECT INBOX", "STATUS INBOX (MESSAGES)", "FETCH 1 BODY[]", "NAMESPACE", "IDLE" })
            Assert.Equal(["NO Sign in first"], await connection.AskAsync(command));
    }

    [Fact]
    public async Task Only_an_opening_for_mail_programs_lets_in_and_three_wrong_passwords_end_the_connection()
    {
        var (opened, drive) = (await server.OpenAsync(server.Mailbox, "imap"), await server.OpenAsync(server.Drive, "webDav"));
        var key = server.Provider.DefaultRequestHeaders.Authorization!.Parameter!;
        using var connection = await ImapConnection.ToAsync(Port);
        Assert.StartsWith("NO [AUTHENTICATIONFAILED]", await connection.SayAsync($"LOGIN {drive.UserName} {drive.Password}"), StringComparison.Ordinal);
        Assert.StartsWith("NO [AUTHENTICATIONFAILED]", await connection.SayAsync($"LOGIN {opened.UserName} {key}"), StringComparison.Ordinal);
        Assert.Equal("* BYE Too many wrong passwords", (await connection.AskAsync($"LOGIN {opened.UserName} wrong"))[0]);
        Assert.Null(await connection.LineAsync());
    }

    [Fact]
    public async Task Whoever_tries_passwords_on_many_connections_is_not_listened_to_any_more()
    {
        var opened = await server.OpenAsync(server.Mailbox, "imap");
        for (var tries = 0; tries < 5; tries++)
        {
            using var connection = await ImapConnection.ToAsync(Port);
            await connection.SayAsync($"LOGIN {opened.UserName} guess-{tries}");
        }
        using var again = await ImapConnection.ToAsync(Port);
        Assert.StartsWith("NO [LIMIT]", await again.SayAsync($"LOGIN {opened.UserName} {opened.Password}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signing_in_works_in_each_form_and_the_name_of_somebody_else_does_not()
    {
        var opened = await server.OpenAsync(server.Mailbox, "imap");
        string Plain(string actsFor) => Convert.ToBase64String(Encoding.UTF8.GetBytes($"{actsFor}\0{opened.UserName}\0{opened.Password}"));
        foreach (var command in new[] { $"LOGIN \"{opened.UserName}\" \"{opened.Password}\"", $"LOGIN {{{opened.UserName.Length}+}}\r\n{opened.UserName} {opened.Password}", $"AUTHENTICATE PLAIN {Plain("")}" })
        {
            using var connection = await ImapConnection.ToAsync(Port);
            Assert.StartsWith("OK", await connection.SayAsync(command), StringComparison.Ordinal);
        }
        using var other = await ImapConnection.ToAsync(Port);
        Assert.StartsWith("NO", await other.SayAsync($"AUTHENTICATE PLAIN {Plain("admin")}"), StringComparison.Ordinal);
        await other.SendAsync("x AUTHENTICATE PLAIN\r\n");
        Assert.Equal("+ ", await other.LineAsync());
        await other.SendAsync($"{Plain("")}\r\n");
        Assert.StartsWith("x OK", await other.LineAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_came_in_clear_together_with_the_start_of_tls_is_not_taken_for_the_programs_own()
    {
        using var connection = await ImapConnection.ToAsync(Port);
        await connection.SendAsync("a STARTTLS\r\nb LOGIN x y\r\n");
        Assert.StartsWith("* BYE", await connection.LineAsync(), StringComparison.Ordinal);
        Assert.Null(await connection.LineAsync());
    }

    [Fact]
    public async Task A_folder_is_opened_to_be_read_only_and_whatever_would_write_is_refused()
    {
        using var connection = await ImapConnection.SignedInAsync(await server.OpenAsync(server.Mailbox, "imap"));
        Assert.StartsWith("OK [READ-ONLY]", await connection.SayAsync("SELECT INBOX"), StringComparison.Ordinal);
        var before = await connection.AskAsync("FETCH 1:* FLAGS");
        foreach (var command in new[]
        {
            "STORE 1 +FLAGS (\\Seen)", "UID STORE 1 FLAGS ()", "COPY 1 INBOX", "UID COPY 1 INBOX", "UID MOVE 1 INBOX", "EXPUNGE", "CREATE x", "DELETE INBOX", "RENAME INBOX x", "SUBSCRIBE x", "UNSUBSCRIBE INBOX",
            "APPEND INBOX {3+}\r\nabc",
        })
            Assert.StartsWith("NO [READ-ONLY]", await connection.SayAsync(command), StringComparison.Ordinal);
        await connection.SayAsync("FETCH 1 BODY[]"); // which elsewhere marks a message as read
        Assert.Equal(before, await connection.AskAsync("FETCH 1:* FLAGS"));
    }

    [Fact]
    public async Task A_large_message_that_a_program_wants_to_save_is_declined_before_it_is_sent()
    {
        using var connection = await ImapConnection.SignedInAsync(await server.OpenAsync(server.Mailbox, "imap"));
        Assert.StartsWith("NO [READ-ONLY]", await connection.SayAsync("APPEND INBOX {50000000}"), StringComparison.Ordinal);
        Assert.StartsWith("OK", await connection.SayAsync("NOOP"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Numbers_of_messages_are_the_same_on_each_connection_and_follow_the_time_of_their_coming()
    {
        var opened = await server.OpenAsync(server.Mailbox, "imap");
        using var first = await ImapConnection.SignedInAsync(opened);
        using var second = await ImapConnection.SignedInAsync(await server.OpenAsync(server.Mailbox, "imap"));

        Assert.Equal(await first.AskAsync("EXAMINE INBOX"), await second.AskAsync("EXAMINE INBOX"));
        var dates = await first.AskAsync("UID FETCH 1:* (UID INTERNALDATE RFC822.SIZE)");
        Assert.Equal(dates, await second.AskAsync("UID FETCH 1:* (UID INTERNALDATE RFC822.SIZE)"));
        var times = dates[..^1].Select(line => DateTimeOffset.ParseExact(line.Split('"')[1], "dd-MMM-yyyy HH:mm:ss zzz", System.Globalization.CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(times.Order(), times);
    }

    [Fact]
    public async Task Searches_find_what_is_there()
    {
        using var connection = await ImapConnection.SignedInAsync(await server.OpenAsync(server.Mailbox, "imap"));
        var count = int.Parse((await connection.AskAsync("EXAMINE INBOX")).Single(line => line.EndsWith(" EXISTS", StringComparison.Ordinal)).Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
        async Task<int[]> FoundAsync(string what) => [.. (await connection.AskAsync($"SEARCH {what}"))[0].Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(2).Select(int.Parse)];
        var all = Enumerable.Range(1, count).ToArray();

        Assert.Equal(all, await FoundAsync("ALL"));
        Assert.Equal(all, (await FoundAsync("SEEN")).Concat(await FoundAsync("UNSEEN")).Order());
        Assert.Equal([1, count], await FoundAsync("UID 1,*"));
        Assert.Empty(await FoundAsync("NOT ALL"));
        Assert.Equal(all, await FoundAsync("OR SEEN NOT (SEEN)"));
        Assert.Equal(all, (await FoundAsync("LARGER 3000")).Concat(await FoundAsync("NOT LARGER 3000")).Order());
        Assert.Equal(all, await FoundAsync("CHARSET UTF-8 SINCE 1-Jan-1970"));
        Assert.StartsWith("NO [BADCHARSET", await connection.SayAsync("SEARCH CHARSET KOI8-R ALL"), StringComparison.Ordinal);
        var from = (await connection.AskAsync("FETCH 1 BODY.PEEK[HEADER.FIELDS (FROM)]"))[1];
        Assert.Contains(1, await FoundAsync($"FROM \"{from.Split('@')[^1].TrimEnd('>', ' ')}\""));
        Assert.Contains(1, await FoundAsync("HEADER From \"\""));
    }

    [Fact]
    public async Task A_program_that_waits_is_told_when_the_opening_is_over_and_put_out()
    {
        var opened = await server.OpenAsync(server.Mailbox, "imap");
        using var connection = await ImapConnection.SignedInAsync(opened);
        await connection.SendAsync("w IDLE\r\n");
        Assert.Equal("+ idling", await connection.LineAsync());

        await server.EndAsync(opened);

        Assert.Equal("* BYE The opening is over", await connection.LineAsync());
        Assert.Null(await connection.LineAsync());
        using var again = await ImapConnection.ToAsync(Port);
        Assert.StartsWith("NO", await again.SayAsync($"LOGIN {opened.UserName} {opened.Password}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_without_end_is_cut_off_and_takes_no_memory()
    {
        using var connection = await ImapConnection.ToAsync(Port);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        try
        {
            for (var piece = 0; piece < 1_000; piece++)
                await connection.SendAsync(new string('a', 64 * 1024));
            Assert.Fail("64 MB of one line were taken.");
        }
        catch (IOException)
        {
            // cut off, as it should be
        }
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 32 << 20);
    }

    [Fact]
    public async Task Garbage_is_answered_or_cut_off_and_the_server_goes_on()
    {
        var opened = await server.OpenAsync(server.Mailbox, "imap");
        var random = new Random(20260314);
        string[] pieces = ["FETCH", "UID", " ", "1:*", "(", ")", "BODY[", "]", "<0.10>", "{5}", "{99999999999}", "{3+}\r\nabc", "\"", "\\", "SEARCH", "OR", "NOT", "\0", "\u00ff", "*", "%", "LIST", "INBOX", "NIL", "ENVELOPE", "SELECT", "1.2.3", "HEADER.FIELDS", "\r", "SINCE 1-Foo-9999"];
        for (var connections = 0; connections < 20; connections++)
        {
            using var connection = connections % 2 == 0 ? await ImapConnection.SignedInAsync(opened) : await ImapConnection.ToAsync(Port);
            if (connections % 4 == 0)
                await connection.SayAsync("SELECT INBOX");
            try
            {
                for (var commands = 0; commands < 60; commands++)
                    await connection.SendAsync($"g{commands} {string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => pieces[random.Next(pieces.Length)] + (random.Next(2) == 0 ? " " : "")))}\r\n");
                await connection.SendAsync("z LOGOUT\r\n");
                connection.EndOfSending();
            }
            catch (Exception error) when (error is IOException or SocketException or InvalidOperationException)
            {
                continue; // cut off
            }
            while (await connection.LineAsync() is { } line)
                Assert.DoesNotContain("SERVERBUG", line, StringComparison.Ordinal);
        }
        using var after = await ImapConnection.SignedInAsync(opened);
        Assert.StartsWith("OK", await after.SayAsync("NOOP"), StringComparison.Ordinal);
    }
}
