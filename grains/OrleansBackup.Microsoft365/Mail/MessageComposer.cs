using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OrleansBackup.Microsoft365.Mail;

/// <summary>How much of a stored message is asked of the service: each step gives up what some mailboxes refuse.</summary>
internal enum Faithfulness
{
    Full,

    /// <summary>Without reply-to addresses and flag dates that the service calls invalid.</summary>
    PlainReplies,

    /// <summary>Without any address that is no SMTP address.</summary>
    PlainAddresses,

    /// <summary>Without original headers and thread index as well.</summary>
    Least,
}

/// <summary>Writes the request that creates a message out of a stored one. Pure.</summary>
internal static class MessageComposer
{
    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
    private static readonly string[] Parties = ["from", "sender"];
    private static readonly string[] PartyLists = ["toRecipients", "ccRecipients", "bccRecipients", "replyTo"];
    private static readonly string[] AsTheyAre = ["subject", "internetMessageId", "importance", "categories", "isRead", "isDeliveryReceiptRequested", "isReadReceiptRequested", "inferenceClassification"];

    /// <param name="attachments">How many the message is to have in the end.</param>
    /// <param name="headers">Original header text; null to leave it out.</param>
    /// <param name="withBody">False: the text is too large for the request and goes another way.</param>
    /// <returns>The request's body, and what it gives up.</returns>
    public static (byte[] Json, ImmutableArray<Loss> Losses) Compose(JsonElement message, string marker, string? origin, int attachments, string? headers, Faithfulness faithfulness, bool withBody)
    {
        var losses = ImmutableArray.CreateBuilder<Loss>();
        var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Writing))
        {
            json.WriteStartObject();
            foreach (var name in AsTheyAre) Copy(json, message, name);
            if (withBody) Copy(json, message, "body");
            WriteParties(json, message, faithfulness, losses);
            WriteFlag(json, message, faithfulness, losses);
            WriteExtended(json, message, marker, origin, attachments, headers, faithfulness, losses);
            json.WriteEndObject();
        }

        if (TolerantJson.GetText(message, "@odata.type") is { } kind && kind != "#microsoft.graph.message")
        {
            losses.Add(new(LossKind.MessageClass, $"The message was of the kind {kind} and is put back as a plain message.", kind));
        }

        return (buffer.ToArray(), losses.ToImmutable());
    }

    private static void Copy(Utf8JsonWriter json, JsonElement message, string name)
    {
        if (!message.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) return;
        json.WritePropertyName(name);
        json.WriteRawValue(JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);
    }

    private static void WriteParties(Utf8JsonWriter json, JsonElement message, Faithfulness faithfulness, ImmutableArray<Loss>.Builder losses)
    {
        foreach (var name in Parties)
        {
            if (!message.TryGetProperty(name, out var party) || !IsParty(party)) continue;
            if (faithfulness >= Faithfulness.PlainAddresses && !IsSmtp(party)) losses.Add(new(LossKind.Addresses, $"The address in '{name}' is none that the service takes.", name, 1));
            else Copy(json, message, name);
        }

        foreach (var name in PartyLists)
        {
            if (!message.TryGetProperty(name, out var list) || list.ValueKind != JsonValueKind.Array) continue;
            var plain = faithfulness >= Faithfulness.PlainAddresses || (name == "replyTo" && faithfulness >= Faithfulness.PlainReplies);
            var left = 0;
            json.WriteStartArray(name);
            foreach (var party in list.EnumerateArray())
            {
                if (faithfulness > Faithfulness.Full && !IsParty(party)) continue; // neither name nor address: there is nothing to lose
                if (plain && !IsSmtp(party)) left++;
                else json.WriteRawValue(JsonMarshal.GetRawUtf8Value(party), skipInputValidation: true);
            }

            json.WriteEndArray();
            if (left > 0) losses.Add(new(LossKind.Addresses, $"'{name}' lost {left} of {list.GetArrayLength()} addresses, which are none that the service takes.", name, left));
        }
    }

    private static void WriteFlag(Utf8JsonWriter json, JsonElement message, Faithfulness faithfulness, ImmutableArray<Loss>.Builder losses)
    {
        if (!message.TryGetProperty("flag", out var flag) || flag.ValueKind != JsonValueKind.Object) return;
        if (faithfulness == Faithfulness.Full)
        {
            Copy(json, message, "flag");
            return;
        }

        json.WriteStartObject("flag");
        json.WriteString("flagStatus", TolerantJson.GetText(flag, "flagStatus") ?? "notFlagged");
        json.WriteEndObject();
        if (flag.EnumerateObject().Any(p => p.Value.ValueKind == JsonValueKind.Object)) losses.Add(new(LossKind.FlagDates, "The dates of the flag are not put back."));
    }

    private static void WriteExtended(Utf8JsonWriter json, JsonElement message, string marker, string? origin, int attachments, string? headers, Faithfulness faithfulness, ImmutableArray<Loss>.Builder losses)
    {
        json.WriteStartArray("singleValueExtendedProperties");
        Write(ExtendedProperties.RestoreMarker, marker);
        Write(ExtendedProperties.RestoredFrom, origin);
        Write(ExtendedProperties.ExpectedAttachments, attachments.ToString(CultureInfo.InvariantCulture));
        if (!message.TryGetProperty("isDraft", out var draft) || draft.ValueKind != JsonValueKind.True) Write(ExtendedProperties.MessageFlags, ExtendedProperties.Submitted);
        else losses.Add(new(LossKind.DraftDates, "It is a draft: the service dates it with the moment of the restore."));
        Write(ExtendedProperties.SubmitTime, Time("sentDateTime"));
        Write(ExtendedProperties.DeliveryTime, Time("receivedDateTime"));
        if (faithfulness < Faithfulness.Least)
        {
            Write(ExtendedProperties.ConversationIndex, TolerantJson.GetText(message, "conversationIndex"));
            Write(ExtendedProperties.TransportHeaders, headers);
        }
        else if (headers is not null)
        {
            losses.Add(new(LossKind.Headers, "The original headers are not put back."));
        }

        json.WriteEndArray();

        void Write(string id, string? value)
        {
            if (string.IsNullOrEmpty(value)) return;
            json.WriteStartObject();
            json.WriteString("id", id);
            json.WriteString("value", value);
            json.WriteEndObject();
        }

        string? Time(string name) => DateTimeOffset.TryParse(TolerantJson.GetText(message, name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            && time.Year > 1600 // "no date" is written as the year 1
            ? time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) : null;
    }

    private static bool IsParty(JsonElement party) => party.ValueKind == JsonValueKind.Object && party.TryGetProperty("emailAddress", out var address)
        && (TolerantJson.GetText(address, "address") is { Length: > 0 } || TolerantJson.GetText(address, "name") is { Length: > 0 });

    private static bool IsSmtp(JsonElement party)
    {
        var address = TolerantJson.GetText(party.GetProperty("emailAddress"), "address");
        return address is not null && address.IndexOf('@', StringComparison.Ordinal) is > 0 and var at && at < address.Length - 1
            && address.All(c => c > ' ' && c < 0x7f && c is not ('<' or '>' or ',' or ';' or '(' or ')'));
    }
}
