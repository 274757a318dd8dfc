// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/dataset/download.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

#include <curl/curl.h>

#include "core/base/error.hpp"
#include "tools/cli/interrupt.hpp"

namespace flurry {
namespace {

constexpr long range_not_satisfiable = 416;  // HTTP

struct CloseFile {
  void operator()(std::FILE* file) const { (void)std::fclose(file); }
};
struct CloseTransfer {
  void operator()(CURL* transfer) const { curl_easy_cleanup(transfer); }
};

struct Sink {
  std::FILE* file = nullptr;
  const DownloadProgress* progress = nullptr;
  std::uint64_t resumed = 0;  // bytes that were there before
};

std::size_t take_bytes(char* bytes, std::size_t, std::size_t count, void* sink) {
  return std::fwrite(bytes, 1, count, static_cast<Sink*>(sink)->file);
}

int take_progress(void* data, curl_off_t total, curl_off_t done, curl_off_t, curl_off_t) {
  const Sink& sink = *static_cast<const Sink*>(data);
  if (*sink.progress)
    (*sink.progress)(sink.resumed + static_cast<std::uint64_t>(done),
                     total > 0 ? sink.resumed + static_cast<std::uint64_t>(total) : 0);
  return InterruptGuard::requested() ? 1 : 0;
}

CURLcode transfer_once(const std::string& url, const std::filesystem::path& partial, bool resume,
                       const DownloadProgress& progress, std::string& reason) {
  const std::unique_ptr<std::FILE, CloseFile> file(std::fopen(partial.c_str(), resume ? "ab" : "wb"));
  if (!file)
    throw SystemError(partial.string() +
                      ": cannot be opened for writing: " + std::generic_category().message(errno));
  std::error_code none;
  Sink sink{file.get(), &progress, resume ? std::filesystem::file_size(partial, none) : 0};
  const std::unique_ptr<CURL, CloseTransfer> transfer(curl_easy_init());
  if (!transfer) throw SystemError("cannot start a download");
  std::array<char, CURL_ERROR_SIZE> message{};
  CURL* const t = transfer.get();
  curl_easy_setopt(t, CURLOPT_URL, url.c_str());
  curl_easy_setopt(t, CURLOPT_ERRORBUFFER, message.data());
  curl_easy_setopt(t, CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt(t, CURLOPT_MAXREDIRS, 10L);
  curl_easy_setopt(t, CURLOPT_FAILONERROR, 1L);
  curl_easy_setopt(t, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(t, CURLOPT_USERAGENT, "flurry");
  curl_easy_setopt(t, CURLOPT_CONNECTTIMEOUT, 30L);
  curl_easy_setopt(t, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(t, CURLOPT_LOW_SPEED_TIME, 60L);
  curl_easy_setopt(t, CURLOPT_RESUME_FROM_LARGE, static_cast<curl_off_t>(sink.resumed));
  curl_easy_setopt(t, CURLOPT_WRITEFUNCTION, &take_bytes);
  curl_easy_setopt(t, CURLOPT_WRITEDATA, &sink);
  curl_easy_setopt(t, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(t, CURLOPT_XFERINFOFUNCTION, &take_progress);
  curl_easy_setopt(t, CURLOPT_XFERINFODATA, &sink);
  CURLcode result = curl_easy_perform(t);
  if (std::fflush(file.get()) != 0) result = CURLE_WRITE_ERROR;
  long answer = 0;
  curl_easy_getinfo(t, CURLINFO_RESPONSE_CODE, &answer);
  if (resume && answer == range_not_satisfiable) result = CURLE_RANGE_ERROR;
  reason = message[0] != '\0' ? message.data() : curl_easy_strerror(result);
  return result;
}

bool is_network_failure(CURLcode result) {
  return result == CURLE_COULDNT_RESOLVE_HOST || result == CURLE_COULDNT_RESOLVE_PROXY ||
         result == CURLE_COULDNT_CONNECT;
}

}  // namespace

void download(const std::string& url, const std::filesystem::path& partial,
              const DownloadProgress& progress) {
  const InterruptGuard guard;
  std::error_code none;
  const bool resume = std::filesystem::exists(partial, none) && std::filesystem::file_size(partial, none) > 0;
  std::string reason;
  CURLcode result = transfer_once(url, partial, resume, progress, reason);
  if (result == CURLE_RANGE_ERROR) result = transfer_once(url, partial, false, progress, reason);
  if (result == CURLE_OK) return;
  const std::string rest = "; what came so far is kept, and the same command goes on";
  if (result == CURLE_ABORTED_BY_CALLBACK) throw Interrupted("stopped while downloading " + url + rest);
  if (result == CURLE_WRITE_ERROR)
    throw SystemError(partial.string() + ": cannot be written; is the disk full?");
  if (is_network_failure(result))
    throw SystemError("cannot reach " + url + " (" + reason + "); is there a network?");
  throw SystemError("cannot download " + url + ": " + reason + rest);
}

}  // namespace flurry
