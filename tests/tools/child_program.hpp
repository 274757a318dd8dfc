// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace flurry::testing {

/// `flurry`, or another program, as a process of its own; what it says on stderr goes to a file.
class ChildProgram {
 public:
  ChildProgram(const std::vector<std::string>& words, const std::filesystem::path& errors,
               const char* program = FLURRY_PROGRAM) {
    std::vector<char*> arguments{const_cast<char*>(program)};
    for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    process_ = ::fork();
    if (process_ != 0) return;
    const int file = ::open(errors.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
    ::dup2(file, STDERR_FILENO);
    ::execv(program, arguments.data());
    ::_exit(127);
  }
  ChildProgram(const ChildProgram&) = delete;
  ChildProgram& operator=(const ChildProgram&) = delete;
  ~ChildProgram() {
    if (process_ > 0) (void)end(SIGKILL);
  }

  /// Processes that it has started and that are still there.
  [[nodiscard]] std::vector<pid_t> children() const {
    const std::string process = std::to_string(process_);
    std::ifstream list("/proc/" + process + "/task/" + process + "/children");
    return {std::istream_iterator<pid_t>(list), {}};
  }
  void signal(int number) const { ::kill(process_, number); }
  /// Its exit code, or minus the signal that ended it.
  int wait() {
    int status = 0;
    while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) {
    }
    process_ = 0;
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
  }
  int end(int number) {
    signal(number);
    return wait();
  }

 private:
  pid_t process_ = 0;
};

}  // namespace flurry::testing
