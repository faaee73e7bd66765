using System.Text;
using System.Text.Json;

namespace OrleansBackup.Microsoft365.Tests.Transport;

public sealed class TolerantJsonTests
{
    [Fact]
    public void Valid_JSON_is_left_alone()
    {
        ReadOnlyMemory<byte> json = "{\"subject\":\"Grüße \\u0001 👋\"}"u8.ToArray();

        Assert.True(TolerantJson.Repair(json).Span == json.Span);
    }

    [Fact]
    public void Row_35_raw_control_characters_become_escapes_and_nothing_else_changes()
    {
        var json = Encoding.UTF8.GetBytes("{\"subject\":\"a\u0001b\tc\\\"d\",\"n\":1}\n");

        var repaired = TolerantJson.Repair(json);

        using var document = JsonDocument.Parse(repaired);
        Assert.Equal("a\u0001b\tc\"d", document.RootElement.GetProperty("subject").GetString());
        Assert.Equal(1, document.RootElement.GetProperty("n").GetInt32());
    }

    [Theory]
    [InlineData(new byte[] { 0xED, 0xA0, 0xBD }, "\\ud83d")]
    [InlineData(new byte[] { 0xFF }, "\\ufffd")]
    [InlineData(new byte[] { 0xC3 }, "\\ufffd")]
    public void Row_35_bytes_that_are_no_text_become_escapes(byte[] bytes, string escape)
    {
        byte[] json = [.. "{\"subject\":\"x"u8, .. bytes, .. "y\"}"u8];

        Assert.Equal($"{{\"subject\":\"x{escape}y\"}}", Encoding.UTF8.GetString(TolerantJson.Repair(json).Span));
    }

    [Theory]
    [InlineData("\\ud83d", "\ufffd")]
    [InlineData("\\ud83d\\ude00", "\U0001F600")]
    [InlineData("a\\ud83d\\n\\\"\\u0041", "a\ufffd\n\"A")]
    public void Row_35_lone_surrogates_are_read_as_replacement_characters(string written, string read)
    {
        using var document = JsonDocument.Parse($"{{\"subject\":\"{written}\"}}");

        Assert.Equal(read, TolerantJson.GetText(document.RootElement, "subject"));
    }

    [Theory]
    [InlineData("{\"a\":1")]
    [InlineData("{\"a\":\"un\u0001finished")]
    [InlineData("")]
    [InlineData("{}{}")]
    public void Row_34_what_is_cut_short_stays_an_error(string json) =>
        Assert.ThrowsAny<JsonException>(() => TolerantJson.Repair(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Any_bytes_inside_a_string_come_out_as_valid_JSON()
    {
        var random = new Random(20260302);
        for (var round = 0; round < 2_000; round++)
        {
            var bytes = new byte[random.Next(1, 12)];
            random.NextBytes(bytes);
            bytes = [.. bytes.Where(b => b is not ((byte)'"' or (byte)'\\'))];
            byte[] json = [.. "{\"s\":\""u8, .. bytes, .. "\"}"u8];

            using var document = JsonDocument.Parse(TolerantJson.Repair(json));
            Assert.True(TolerantJson.GetText(document.RootElement, "s") is not null, Convert.ToHexString(bytes));
        }
    }
}
